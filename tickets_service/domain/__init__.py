"""Pure rules of service requests: no I/O, no clock, no framework."""
