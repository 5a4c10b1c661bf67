"""One module per verb: explicit collaborators in, values out; prints nothing."""
