"""Grading of data frames, relations and files of any size."""
