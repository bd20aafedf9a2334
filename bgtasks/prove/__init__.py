"""Proof that type tests mean something: they are right, and they notice what is wrong."""
