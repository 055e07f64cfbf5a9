"""From a figure to the cells it came from."""
