"""The test kit: given/when/then for deciders, fakes, and the contract suites. Never imported by a running service."""
