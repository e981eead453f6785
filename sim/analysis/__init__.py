"""Why, what matters, what would pass: questions put to a scenario by running it again."""
