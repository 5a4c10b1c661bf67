"""One tree as one frozen value: documents joined, cross-file checks, findings (pure)."""
