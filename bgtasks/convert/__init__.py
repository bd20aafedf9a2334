"""Type tests of other tools into cases: each format is a reader of its own."""
