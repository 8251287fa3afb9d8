"""The rim: the only place that knows nameko and eventlet. Imports nothing itself, so that ``run`` can patch first."""
