"""An app whose tasks are hidden from type checkers, each in a way of its own; the comments say why."""
