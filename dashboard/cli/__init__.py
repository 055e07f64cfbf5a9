"""The commands of `feeling-safe`, one file each; slow imports wait until a command runs."""
