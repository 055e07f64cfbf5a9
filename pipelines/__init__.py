"""What happens to a return: read, check, keep, release. The only writer."""
