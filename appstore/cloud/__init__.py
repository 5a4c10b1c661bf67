"""Keystone sessions, Heat, look-ups; foreign errors become ours here and nowhere else."""
