"""
An app in which every rule of `bgtasks check` is broken, beside what looks like it and works.

A line that breaks a rule says so behind it: `# BGT201 /path`, and the path is that of an endpoint
whose task, for that reason, leaves no trace. The task of every other endpoint leaves one. BGT101
marks what type checkers say of a line that works.
"""
