"""The gateway on real stores."""
