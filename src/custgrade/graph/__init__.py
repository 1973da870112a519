"""The graph of a traced score, its operations, and the evaluators of both: arrays, one customer, what has changed."""
