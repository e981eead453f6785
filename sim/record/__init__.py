"""The votes: who voted how on which text."""
