"""The rules of webhooks, pure: what an endpoint gets, how it is signed, when it is tried again, where it may be."""
