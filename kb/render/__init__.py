"""All words: text, HTML, Markdown and JSON of typed results, in Chinese and English.

Begin with `renderer.py` (which function words which result) and `outline.py` (lines of typed
parts, laid out as text, HTML or Markdown). One module words one kind of result, one with
`_json` writes its JSON, `schemas*.py` describe it; `language.py` and `words.py` hold what is
said everywhere, `sentences.py` says facts and proofs in sentences.

May import: every kind of result below it; nothing below imports it.
"""
