"""Registry and now give the wanted stacks: fan-out, lifetimes, parameters, closure, digest (pure)."""
