"""From roll calls to preferences, and how good the fit is."""
