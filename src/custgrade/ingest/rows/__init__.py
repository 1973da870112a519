"""Which rows count: bad rows, unknown cells, filters and currencies."""
