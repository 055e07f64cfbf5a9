"""What every screen has: the session, the page around it, the URL state, filters and measures."""
