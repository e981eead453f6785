"""Strict reading: text, YAML 1.2, CSV and forms, all faults of a file at once with their place."""
