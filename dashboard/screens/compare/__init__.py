"""Compare wards: with themselves over time, with similar wards, and side by side."""
