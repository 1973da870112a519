"""Fitted models: grading customers with frozen boundaries, saving models and loading them."""
