"""Customer files, with one row per customer."""
