"""Recognising what files hold: order lines or customers, and which column is which field."""
