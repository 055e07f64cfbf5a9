"""The tables of a release: one pandera model each."""
