"""Policies: how grades become treatments and a plan."""
