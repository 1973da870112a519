"""Plug-ins: finding, loading and checking them, and asking for what they provide by name."""
