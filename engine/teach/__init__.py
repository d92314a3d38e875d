"""Questions, exercises and their grading: what counts as right, and which mistake an answer comes from."""
