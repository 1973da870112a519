"""Findings: answers about the whole base, as small tables with a sentence."""
