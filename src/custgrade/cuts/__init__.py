"""Cuts: how a score becomes a class, what they ask of the whole base, and who answers."""
