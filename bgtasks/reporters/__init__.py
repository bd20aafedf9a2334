"""What a report looks like, one module per format: pure functions from a report to text."""
