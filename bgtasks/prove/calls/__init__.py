"""Generated calls: each once through the target and once as the direct call, right ones and wrong ones."""
