"""Why customers have their grades: contributions to scores, nearest boundaries, and ranks."""
