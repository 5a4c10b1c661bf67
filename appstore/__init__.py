"""The Teaching App Store for OpenStack: templates and deployments in git, applied to Heat."""
