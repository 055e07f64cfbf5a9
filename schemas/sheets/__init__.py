"""The sheets of a return: one pandera model each, the only description of it."""
