"""HOT templates put together with their parameters and files, offline."""
