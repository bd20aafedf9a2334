"""Whether all is there that the commands need, and sees what it is to check."""
