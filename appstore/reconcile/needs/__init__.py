"""What a plan takes of the quota of a project, and what is left there."""
