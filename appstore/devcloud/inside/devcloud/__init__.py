"""Runs inside the cloud's own virtual environment, beside OpenStack's packages.

This folder's parent is that Python's PYTHONPATH, so nothing here may import `appstore`: the
product's own dependencies have other versions. It learns everything from the state folder.
"""
