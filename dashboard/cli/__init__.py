"""The commands of `feeling-safe`, one file each; slow imports are left until a command runs."""
