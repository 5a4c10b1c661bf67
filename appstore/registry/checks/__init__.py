"""Checks across files, by topic: each takes the draft and yields findings at their places."""
