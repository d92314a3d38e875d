"""Questions about a pass: what is asked, what counts as right, and which mistake a wrong answer comes from."""
