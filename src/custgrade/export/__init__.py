"""Export: graded customers as files."""
