"""Makes process charts of any tidy file, for `feeling-safe spc`."""
