"""The pages of the law: instruments, their rows, what they give."""
