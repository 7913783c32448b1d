"""Reads tables, announcements and answers of platform APIs into draft facts.

Every kind of input ends in rows; a row's cells are outlined, read by a grammar, and every
character of them is given one role. What was not read is a finding and stays open in the draft.
"""
