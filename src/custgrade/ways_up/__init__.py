"""What would move each customer up: the smallest change in a field that reaches the next class."""
