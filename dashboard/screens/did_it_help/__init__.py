"""Did it help? Whether figures changed after a start, and after which ideas charts did."""
