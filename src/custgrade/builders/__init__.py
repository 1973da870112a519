"""Builders: they make scorers from criteria or floors."""
