"""Policies in TOML files."""
