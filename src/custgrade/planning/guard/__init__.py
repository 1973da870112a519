"""The respect guard: rules that every policy and every plan must pass."""
