"""The checks of the contract, one module per subject."""
