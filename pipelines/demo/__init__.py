"""A fictional programme with a story, sent down the same road as any other."""
