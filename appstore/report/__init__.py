"""Plan, findings, status and outcomes as text, Markdown, JSON, JUnit (pure)."""
