"""Figures as plotly draws them, from tables; nothing is computed here.

A module for each kind; `studio.figures.catalogue` finds the tables and names every figure. The page
gets a figure as JSON and draws it with plotly.js, `studio.figures.pictures` writes the same figure
as SVG. What a figure shows stands in words in its ``layout.meta["description"]``, for those who do
not see it.
"""
