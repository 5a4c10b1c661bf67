"""Registry and now give the wanted stacks: members, dates, parameters, closure, digest (pure)."""
