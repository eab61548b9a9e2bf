"""The pages of projects, in the order of their life."""
