"""A drop folder: files that arrive by file transfer go down the same road as on the screen.

A file is moved only after everything about it is on the disk, and that is the last thing that
happens to it. Wherever a crash comes, the next look does the rest again and comes to the same
receipt, because a note beside the file says when it was first sent.
"""
