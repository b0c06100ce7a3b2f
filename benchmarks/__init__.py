"""The speed table: what the same work costs us, PyTorch and NumPy by hand. See README.md."""
