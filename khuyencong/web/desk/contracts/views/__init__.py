"""The pages of contracts, in the order of the work."""
