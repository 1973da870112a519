"""Exact order statistics of large columns in a few passes, without sorting them."""
