"""
What the oracle executes, in a process of its own.

It imports nothing of bgtasks, for it runs in the environment of the code under test: standard library,
typing_extensions and typeguard only.
"""
