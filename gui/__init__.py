"""The desktop program. Data flow one way: views draw what the bridge tells them and ask it for edits."""
