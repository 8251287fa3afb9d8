"""gateway: HTTP API and identity over read models of its own; asks the services for what must be true now."""
