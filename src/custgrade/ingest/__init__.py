"""Ingest: orders and customer files, data frames and relations become a base; DuckDB does the reading."""
