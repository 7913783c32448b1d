"""Reads tables, announcements and answers of platform APIs into draft facts.

Begin with `commands`, which runs all: a reader (`table` and `grid`, `announcement`, `platforms`)
makes `rows`; `run` reads the cells of each row, drafts facts and keeps cards for review; `output`
writes the folder, `difference` and
`base_difference` compare, `review` keeps what a person decides.

How a cell of papers is read, in the order of the work: `text` folds it and gives every character
one role; `markers` and `outline` find its entries; `tree` walks them, with `heads` for what stands
before papers, `lexer` and `grammar` for all readings of a phrase, `phrases`, `leaves`, `owners` and
`marks` and `stated` for what each reading means, `joins` for how entries belong together. `words`
holds the closed lists of the language, `papers` what is read. `scope` reads the other cells;
`names`, `requirements` and `draft` write facts.

What was not read, or can be read in two ways, is a finding and stands in the draft as `unclear`.

May import: lang, model and render (the words of findings and reports). Nothing but the command
line and the panel for review imports it.
"""
