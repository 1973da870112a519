"""Comparing grades with those before: who moved where and why, and how far the population shifted."""
