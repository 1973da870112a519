"""Builders: scorers of common shapes, made from criteria or floors."""
