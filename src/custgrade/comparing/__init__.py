"""Comparing grades with earlier ones: migration matrix, causes of changes, and population stability index."""
