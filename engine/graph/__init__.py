"""What is drawn, who feeds whom, and how it changes."""
