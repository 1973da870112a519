"""Synthetic customers and orders of any size, the same for a seed on every machine, for trials and benchmarks."""
