"""Why customers have their grades: what their scores are made of, and where they stand."""
