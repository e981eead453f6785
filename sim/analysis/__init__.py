"""Why, what matters, what would pass: questions put to a scenario by running it again.

Each is imported from its own module, so that one question does not load what others need.
"""
