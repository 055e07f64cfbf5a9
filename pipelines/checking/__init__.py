"""Is this return right? Every problem at once, in words for the person who sent it."""
