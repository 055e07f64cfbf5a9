"""One reader for each kind of file; each turns bytes into sheets of text cells."""
