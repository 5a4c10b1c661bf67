"""Wanted and live give a plan: the decision table, effects, rails, plan digest (pure)."""
