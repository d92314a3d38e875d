"""What the hand may be doing, one state a file. Nothing is edited before a release."""
