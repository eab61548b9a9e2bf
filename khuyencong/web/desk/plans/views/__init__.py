"""The pages of plans: the chain of decisions and what is asked of it."""
