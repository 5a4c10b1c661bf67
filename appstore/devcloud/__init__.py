"""The embedded OpenStack: real services from wheels, on loopback, for tests, demo and learning.

Nothing of the store depends on this room; only its own command and the tests use it. What runs
under the services' own Python lives in `inside/`, the rest prepares, starts and stops them.
"""
