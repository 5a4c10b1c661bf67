"""The ways into an instance: whether they answer."""
