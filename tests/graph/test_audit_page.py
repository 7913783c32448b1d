"""Pages of audits and answers in a browser: from a disk, in both themes, on a phone, in print."""

from pathlib import Path

import pytest
from audited import audits
from graph_browser import browser, installed, listening

from kb.audit.report import write
from kb.render.page import page as page_of

SEVEN = Path(__file__).parents[1] / "apps" / "city-life.yaml"


@pytest.fixture(scope="module")
def place(base, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    *_, summary = audits(base, folder)
    write(folder / "report.html", base, summary, "en")
    return (folder / "report.html").as_uri()


@pytest.fixture(scope="module")
def answers(base, tmp_path_factory):
    """The page of an answer of seven services, in both languages, by language."""
    folder = tmp_path_factory.mktemp("answers")
    for lang in ("zh", "en"):
        answer = base.ask(SEVEN, "2026-03-01", lang=lang)
        text = page_of("a <title>", answer.html(), lang)
        (folder / f"{lang}.html").write_text(text, encoding="utf-8")
    return {lang: (folder / f"{lang}.html").as_uri() for lang in ("zh", "en")}


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


def opened(chromium, place, **options):
    page = chromium.new_context(**options).new_page()
    heard = listening(page)
    page.goto(place)
    return page, heard


def test_filters_work_from_a_disk(chromium, place):
    """Words and a verdict leave the rows that have them; the order follows the share; nothing is
    asked for and nothing is complained about."""
    page, heard = opened(chromium, place)
    names = "[...document.querySelectorAll('#categories tbody tr')].filter(r => !r.hidden)"
    names += ".map(r => r.dataset.name)"
    every = page.evaluate(names)
    assert len(every) > 1
    form = page.locator("form[data-for=categories]")
    form.locator("input").fill("driving")
    assert page.evaluate(names) == ["Education - driving school platform"]
    assert form.locator("output").inner_text() == f"1 / {len(every)}"
    form.locator("input").fill("")
    form.locator("select[name=verdict]").select_option("satisfied")
    assert page.evaluate(names) == ["Education - driving school platform"]
    form.locator("select[name=verdict]").select_option("")
    form.locator("select[name=order]").select_option("name")
    assert page.evaluate(names) == sorted(every)
    assert heard.requests == [place]
    assert heard.console == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_it_fits_and_can_be_read(chromium, place, scheme, width):
    """Nothing is wider than the screen, no text is smaller than 11 pixels, and the text stands out
    from the background in both themes by 4.5 to 1."""
    size = {"width": width, "height": 844}
    page, _ = opened(chromium, place, viewport=size, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    texts = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .filter(e => e.checkVisibility() && !e.closest('svg'))
        .map(e => { const s = getComputedStyle(e); let b = e;
          while (b && getComputedStyle(b).backgroundColor === 'rgba(0, 0, 0, 0)')
            b = b.parentElement;
          return [parseFloat(s.fontSize), s.color, b ? getComputedStyle(b).backgroundColor : ''];
        })"""
    )
    assert min(size for size, *_ in texts) >= 11
    assert min(contrast(text, back) for _, text, back in texts) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(chromium, place, answers, scheme, width):
    """axe finds nothing in the page of an audit, nor in that of an answer with all parts open."""
    script = installed("axe-core", "axe.min.js").read_text(encoding="utf-8")
    for address in (place, answers["zh"]):
        size = {"width": width, "height": 844}
        page, _ = opened(chromium, address, viewport=size, color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.evaluate(script + "\nvoid 0;")
        found = "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))"
        assert page.evaluate(found) == []
        page.context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_answer_fits_its_screen(chromium, answers, lang):
    """A page of an answer is no wider than a phone or a screen; on a phone each document is a
    block with the names of its columns, of those that say something; no word of a heading is
    broken on a screen."""
    cell = "td:not(:empty) + td:not(:empty)"
    for width in (390, 1280, 1920):
        page, heard = opened(chromium, answers[lang], viewport={"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        head = page.locator("thead").first
        assert head.is_visible() is (width > 390)
        named = page.locator(cell).first.evaluate("(e) => getComputedStyle(e, '::before').content")
        assert (named == "none") is (width > 390)
        if width > 390:
            assert head.evaluate("(e) => e.offsetHeight") < 50
        assert (heard.requests, heard.console) == ([answers[lang]], [])
        page.context.close()


def test_print(chromium, place):
    """On paper there are no filters, and the figures are there."""
    page, _ = opened(chromium, place, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("form[data-for=categories]").is_visible()
    assert page.locator("#categories tbody tr").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def contrast(one, other):
    """The contrast of two colours as the WCAG has it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [float(n) / 255 for n in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
