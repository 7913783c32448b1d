"""The version of the package, which audits and receipts carry."""

__version__ = "0.1.0"
