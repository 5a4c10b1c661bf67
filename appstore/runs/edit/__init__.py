"""The verbs that edit what is wanted: reset, suspend, resume, remove, retry, extend, hand-over."""
