"""Plug-ins: finding, importing and checking them, and looking up schemes by name."""
