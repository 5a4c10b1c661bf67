"""A commit (git blobs) or a work tree as a mapping of paths to bytes; GitPython's only home."""
