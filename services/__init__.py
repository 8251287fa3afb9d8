"""The chassis: what every service is made of. Imports no service."""
