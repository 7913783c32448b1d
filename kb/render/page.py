"""A result as a page of its own: for a browser, a phone, both themes and paper."""

from __future__ import annotations

from html import escape

FITTING = (
    ".kb{container-type:inline-size}@container(max-width:36em){.kb thead{display:none}"
    ".kb table,.kb tbody,.kb tr,.kb td{display:block;border:0}.kb td~td{display:inline-block}"
    ".kb tr{padding:0.35em 0;border-bottom:1px solid #8884}.kb td:empty{display:none!important}"
    ".kb td~td[data-of]::before{content:attr(data-of) ': ';opacity:0.8}}"
)
"""Where a table has no room its rows stand as blocks. Results have no style of their own: it is of
the page or the panel that they stand in."""
DARK = "--kb-ok: #3fce9f; --kb-lacking: #ff8a50; --kb-closed: #ff8fc0; --kb-open: #e0b04a;"
"""The colours of marks on a dark ground."""
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif;
  max-width: 76em; margin: 0 auto; padding: 1em; background: #ffffff; color: #161616;
  overflow-wrap: break-word; }
h1 { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden;
  clip-path: inset(50%); }
th { font-size: 0.88em; color: #595959; border-bottom: 1px solid #8c8c8c; }
td { border-bottom: 1px solid #dcdcdc; }
summary { cursor: pointer; padding: 0.15em 0; }
pre { white-space: pre-wrap; }
@media screen and (prefers-color-scheme: dark) {
  :root { DARK }
  body { background: #15181b; color: #ececec; }
  th { color: #a8adb3; }
  td { border-color: #3a4046; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  tr, li { break-inside: avoid; }
}
"""


def page(title: str, shown: str, lang: str) -> str:
    """A whole page with a result in it; `shown` is its HTML, `title` any text. Results have their
    heading already: the title is there for those who listen.

    >>> page("a <b>", "<p>c</p>", "en").count("a &lt;b&gt;")
    2
    """
    style = _STYLE.replace("DARK", DARK)
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{FITTING}{style}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{shown}\n</main>\n</body>\n</html>\n"
    )
