"""How cells are read as numbers, dates and text, and which of them are unknown."""
