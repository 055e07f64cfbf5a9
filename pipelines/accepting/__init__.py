"""How a checked file becomes a kept return, or why it does not."""
