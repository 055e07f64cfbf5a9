"""Sends the files that arrive in a watched folder, just like files sent on the screen.

Moving a file is the last thing that happens to it, after everything about it is on disk. If there
is a crash, the next look repeats the rest and arrives at the same receipt, because a note beside
the file says when it was first sent.
"""
