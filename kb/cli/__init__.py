"""Faces: how people meet the knowledge base."""
