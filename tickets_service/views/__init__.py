"""The read models of requests, one file each."""
