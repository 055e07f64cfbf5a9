"""The sentences on screens and in downloads, tested like code."""
