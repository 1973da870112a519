"""Customers' ids: changed on export, merged, alike, or given twice."""
