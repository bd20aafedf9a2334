"""What the shop does, apart from answering requests."""
