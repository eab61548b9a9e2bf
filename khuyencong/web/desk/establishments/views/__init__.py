"""The pages of establishments, their belongings, villages and clusters."""
