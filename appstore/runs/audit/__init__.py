"""audit: the past of an instance, a course or a version, put together from four sources."""
