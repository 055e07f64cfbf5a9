"""Tests of change: each ward's log, and the library of ideas."""
