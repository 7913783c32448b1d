"""What the commands for keepers of facts rest on.

They import it when they run, all by one function (`kb.cli.late.upkeep`): it brings the reader of
YAML and the records of facts, which `kb --help` and the other commands have no use for.
"""

from kb.cli.beyond import beyond_told
from kb.cli.cited import echo_cited
from kb.cli.outcomes import junit_text, report_lines
from kb.maintain.codes import codes, explained, page
from kb.maintain.decisions import decisions, decisions_page
from kb.maintain.export import exported
from kb.maintain.lines import source_lines
from kb.maintain.lint import check_base
from kb.maintain.starter import start
from kb.maintain.testing import Tests, case_documents, layers_of

__all__ = [
    "Tests",
    "beyond_told",
    "case_documents",
    "check_base",
    "codes",
    "decisions",
    "decisions_page",
    "echo_cited",
    "explained",
    "exported",
    "junit_text",
    "layers_of",
    "page",
    "report_lines",
    "source_lines",
    "start",
]
