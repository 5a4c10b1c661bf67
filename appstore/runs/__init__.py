"""One module or package per verb: explicit collaborators in, values out; prints nothing."""
