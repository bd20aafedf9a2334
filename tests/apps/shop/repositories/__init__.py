"""Where things are kept. Each repository speaks the models of the shop, and no SQL to its callers."""
