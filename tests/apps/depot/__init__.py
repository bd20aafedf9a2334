"""An app in which every background task is typed, in each of the ways that an app writes them."""
