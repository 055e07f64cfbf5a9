"""The commands of `feeling-safe`, one to a file; slow imports wait until a command runs."""
