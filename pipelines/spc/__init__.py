"""Process charts for any tidy file: `feeling-safe spc`."""
