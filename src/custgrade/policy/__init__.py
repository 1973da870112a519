"""Policies, which assign a treatment to each grade and make a plan."""
