"""The data model: fields, customers, bases of them, periods and grade scales."""
