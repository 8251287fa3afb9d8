"""The processes that are measured: ours, run by ``services.nameko_ext.run``, and nameko's own."""
