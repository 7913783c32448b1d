"""Audits: very many apps at once, judged by the same rules, with a reason in every row."""
