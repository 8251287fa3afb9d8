"""Rules of the imports and of the command line, without a running system."""
