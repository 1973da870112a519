"""Ways up: the smallest changes of fields that give a customer a better grade."""
