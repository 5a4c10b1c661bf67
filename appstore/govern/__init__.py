"""Who may do what: approvals, visibility, the policy of a merge request (pure)."""
