"""The resources, one blueprint a file."""
