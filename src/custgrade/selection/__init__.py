"""Exact order statistics and totals of large columns, in a few passes."""
