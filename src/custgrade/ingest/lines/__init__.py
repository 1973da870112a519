"""Order lines, added up to customers."""
