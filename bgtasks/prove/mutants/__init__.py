"""Mutants: what becomes of the verdicts when one thing about one signature is changed."""
