"""ci: what the jobs of a pipeline do with one merge request."""
