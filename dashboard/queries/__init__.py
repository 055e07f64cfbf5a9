"""One module per question that a screen asks of a release."""
