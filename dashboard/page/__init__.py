"""What every screen uses: the session, the page, choices in the address, filters and measures."""
