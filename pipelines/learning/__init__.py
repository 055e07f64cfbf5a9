"""Learning forums: what a programme uploads or enters about them, checked and kept."""
