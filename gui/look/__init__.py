"""Colours, fonts, icons, formulas."""
