"""Answers: what an app must provide, and everything that can be asked about it."""
