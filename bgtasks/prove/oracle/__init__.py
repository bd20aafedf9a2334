"""The oracle: Python itself says of each claim whether it is right, by executing the case."""
