"""ASGI middleware: headers, rate limits, the entry page, returning after sign-in."""
