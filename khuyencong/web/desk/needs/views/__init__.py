"""The pages of needs, from the call to the answer."""
