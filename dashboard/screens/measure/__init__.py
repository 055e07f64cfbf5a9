"""One measure at every level: over time, side by side, and over two periods."""
