"""Copy the stubs into a project, keep them in step, and prove that the project's checkers read them."""
