"""One object a gesture: begun by a press, dropped by Esc, turned into a single edit by the release."""
