"""From a source to its grades: data frames, relations, and files of any size."""
