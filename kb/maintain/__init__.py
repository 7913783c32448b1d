"""For those who keep facts and rules: lint, coverage, exports, the catalogue of relations.

Begin with `lint.py` (`kb check`). Each module is one command. May import all layers below: from
`lang` to `render`.
"""
