"""What a person may ask of a release: one module per question.

Each question is a function of a connection that already holds only what its scope may see, and of
parameters; it answers with a frame. Nothing here knows a clock, a person or a screen.
"""
