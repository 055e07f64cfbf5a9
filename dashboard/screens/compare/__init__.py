"""Compare wards."""
