"""Carries a plan out: waves, pool, waiting, outcomes; takes plan, cloud and clock as protocols."""
