"""Graphs of traced scores: their nodes, their operations, and the programs that evaluate them."""
