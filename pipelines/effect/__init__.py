"""Says whether figures changed where something was started, for `feeling-safe effect`."""
