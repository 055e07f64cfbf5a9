"""What shows figures and serves two or more screens."""
