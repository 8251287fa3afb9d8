"""The feedback service on real stores."""
