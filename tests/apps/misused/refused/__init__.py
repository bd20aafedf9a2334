"""Modules that FastAPI refuses to load, one for each way to make it."""
