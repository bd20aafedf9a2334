"""Tells whether the background tasks of an app are called right: what `bgtasks check` does."""
