"""Whether figures changed where something was started, judged against wards yet to start."""
