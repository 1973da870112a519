"""Fitted models: what was learned, frozen; grading with it; saving and loading it."""
