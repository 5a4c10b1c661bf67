"""GitHub and GitLab: merge requests, approvals, notes, reviewed plans."""
