"""ASGI middleware: headers, rate limits, the entry page, the way back after sign-in."""
