"""Webhooks: other systems' endpoints, to which the services' feeds are handed over, signed and in order."""
