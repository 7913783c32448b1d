"""The rule language: text is read into a checked, frozen program that engines only read."""
