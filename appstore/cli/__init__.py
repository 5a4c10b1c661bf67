"""click: options, run, report, exit code."""
