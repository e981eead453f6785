"""Reports: sections laid out once from the facts, then shown in a terminal or written to files."""
