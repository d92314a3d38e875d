"""What a speaker has at hand while something is presented: laser, pen, a blank screen, notes on a second screen."""
