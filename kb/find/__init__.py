"""Search in people's own words: a text leads to the categories and services that fit it."""
