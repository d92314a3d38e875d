"""Whether the numbers can be trusted, and what is wrong where they cannot."""
