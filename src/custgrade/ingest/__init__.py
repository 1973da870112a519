"""Ingest: order lines, customer files, data frames and relations are read with DuckDB into a base of customers."""
