"""Parts of scorers: axes, learned columns, evidence, scores of common shapes, and the tracing of scores."""
