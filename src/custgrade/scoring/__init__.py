"""Scorers: axes, learned columns, evidence, the builders for common shapes, and the tracing of scores."""
