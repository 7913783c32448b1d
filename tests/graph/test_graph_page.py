"""The page: what it shows can be read at once, it asks nothing of any network, and runs no name."""

import re
from pathlib import Path

import pytest
from graph_browser import browser, installed, listening, until

from kb.graph.formats import export, html

APPS = Path(__file__).parents[1] / "apps"
DAY = "2026-03-01"
NASTY = '</script><script>window.hurt=1</script><img src=x onerror="window.hurt=2">\'"&lt;'
SEVEN = APPS / "city-life.yaml"
SIZES = [(1280, 800), (390, 844), (1920, 1080)]


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def views(base, tmp_path_factory):
    """A page of each view, by name."""
    folder = tmp_path_factory.mktemp("pages")
    seven = base.graph(app=SEVEN, as_of=DAY)
    graphs = {
        "whole": base.graph(as_of=DAY),
        "category": base.graph(category="教育-驾校平台", as_of=DAY),
        "one": base.graph(app=APPS / "xuechetong.yaml", as_of=DAY),
        "seven": seven,
        "changes": base.graph(between=("2024-12-31", "2025-06-30")),
        "proof": base.graph(app=APPS / "xuechetong.yaml", proof="教育-驾校平台", as_of=DAY),
        "plan": base.graph(app=APPS / "xuechetong.yaml", plan=True, as_of=DAY),
    }
    for name, graph in graphs.items():
        export(graph, folder / f"{name}.html")
    export(seven, folder / "english.html", "en")
    export(graphs["plan"], folder / "plan-english.html", "en")
    return {name: folder / f"{name}.html" for name in (*graphs, "english", "plan-english")}


@pytest.fixture(scope="module")
def tab(chromium):
    """One tab for all tests; each opens its own page in it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context.new_page()


@pytest.fixture
def opened(tab, views):
    """Opens a view at a size; the page asks for nothing and complains of nothing."""
    heard = listening(tab)
    asked = []

    def opens(name, size=SIZES[0], part=""):
        tab.emulate_media(media="screen", color_scheme="light")
        tab.set_viewport_size({"width": size[0], "height": size[1]})
        tab.goto("about:blank")
        tab.goto(views[name].as_uri() + part)
        until(tab, "document.fonts.status === 'loaded' && view.placed.size > 0")
        asked.append(views[name].as_uri() + part)
        return tab

    yield opens
    assert {request for request in heard.requests if request != "about:blank"} <= set(asked)
    assert heard.console == []


LETTERS = """[...figure.querySelectorAll('tspan, text:not(:has(tspan))')].map((e) => {
      const box = e.getBoundingClientRect();
      const size = parseFloat(getComputedStyle(e).fontSize);
      return [e.textContent, size * view.scale, box.left, box.top, box.right, box.bottom];
    })"""


def shown(page):
    """The names of what stands in sight, by the key of the thing."""
    return page.evaluate("Object.fromEntries([...view.placed].map((n) => [n.key, label(n)]))")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "name", ["whole", "category", "one", "seven", "changes", "proof", "plan", "english"]
)
def test_every_label_can_be_read_at_first_sight(opened, name, size):
    """At three sizes every label that is shown has letters of 11 px at least, none is cut at the
    left or right, none lies on another; there is more than the name of the whole."""
    page = opened(name, size)
    letters = page.evaluate(LETTERS)
    assert len(letters) > 2
    assert min(each[1] for each in letters) >= 11
    edge = page.evaluate("figure.getBoundingClientRect().toJSON()")
    for _, _, start, _, end, _ in letters:
        assert edge["left"] <= start
        assert end <= edge["right"] + 1
    boxes = page.evaluate("[...view.placed].map((n) => [n.x, n.y, n.x + n.w, n.y + n.h])")
    for at, (left, top, right, bottom) in enumerate(boxes):
        for west, north, east, south in boxes[at + 1 :]:
            assert right <= west or east <= left or bottom <= north or south <= top


def test_an_answer_shows_verdict_categories_and_what_to_provide(base, opened):
    """At first sight of an answer of seven services stand its verdict, all its categories and every
    document of its smallest set; texts and duties wait folded."""
    page = opened("seven")
    answer = base.ask(SEVEN, DAY)
    found = page.evaluate("[...view.placed].map((n) => [n.key, n.parent?.key, n.lines.join(' ')])")
    assert {f"category:{c.category}" for c in answer.categories} <= {key for key, *_ in found}
    assert len(answer.categories) == 7
    wanted = {f"document:{d.document}" for d in answer.bundle.documents if d.verdict != "satisfied"}
    (group,) = (key for key, _, text in found if text.startswith("? 须提供的材料"))
    assert {key for key, under, _ in found if under == group} == wanted
    assert [text for key, _, text in found if key == "app:城市生活圈"] == [
        "✗ 城市生活圈 缺少或不符"
    ]
    assert not any(key.startswith("obligation:") for key, *_ in found)


def test_the_whole_is_a_map(base, opened):
    """The whole base opens step by step: groups, a group's categories, a category's tree; Esc goes
    back the same way."""
    page = opened("whole")
    names = {c.zh.partition("-")[0] for c in base.facts.names.of("category")}
    tops = [label for key, label in shown(page).items() if key != "g0"]
    assert set(tops) - {"文件与其他"} <= names
    assert sum(page.evaluate("root.children.map((g) => g.children.length)")) > 430
    page.click("text=/^教育 \\(/")
    inside = shown(page)
    assert "category:education-driving-school-platform" in inside
    assert all(key.startswith(("g", "category:")) for key in inside)
    page.click("text=教育-驾校平台")
    assert "document:cooperation_agreement" in shown(page)
    assert page.inner_text("#crumbs").split() == ["政策知识库", "›", "教育", "›", "教育-驾校平台"]
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert shown(page) == inside
    page.keyboard.press("Escape")
    assert page.evaluate("view.top === root")


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("驾校平台", "service:driving_school_platform"),
        ("driving school platform", "category:education-driving-school-platform"),
        ("jiaxiaopingtai", "category:education-driving-school-platform"),
        ("wangyueche", "category:mobility-ride-hailing"),
        ("打车", "service:ride_hailing"),
        ("合作协议书", "document:cooperation_agreement"),
        ("架校平台", "category:education-driving-school-platform"),
        ("drivng", "category:education-driving-school-platform"),
    ],
)
def test_search(opened, words, key):
    """Search finds by names, everyday words, pinyin and with slips, and moves to what it found."""
    page = opened("whole")
    page.fill("#search", words)
    assert key in page.evaluate("found.slice(0, 6).map((n) => n.key)")
    page.press("#search", "Enter")
    told = page.evaluate("chosen.key")
    assert told == page.evaluate(
        "(search.value = arguments, chosen).key".replace("arguments", "''")
    )
    box = page.evaluate("chosen.element.getBoundingClientRect().toJSON()")
    assert 0 <= box["left"] < box["right"] <= 1280
    assert 0 <= box["top"] < box["bottom"] <= 800


def test_search_agrees_with_find(base, opened):
    """What `kb find` says first of people's own words is among the first that the page finds."""
    page = opened("whole")
    for words in ("学车考驾照", "外卖", "网上挂号看病", "二手车", "考研培训", "彩票", "保险"):
        first = base.find(words)[0]
        page.fill("#search", words)
        known = {f"category:{first.id}", *(f"service:{s.id}" for s in first.services)}
        assert known & set(page.evaluate("found.slice(0, 12).map((n) => n.key)")), words


def test_search_for_nothing(opened):
    """Search says when nothing has the name."""
    page = opened("one")
    page.fill("#search", "鑫龘")
    assert page.inner_text("#says") == "没有找到"
    assert page.is_hidden("#results")


def test_keys_work_after_any_click(opened):
    """After a click anywhere keys move along the tree, open and close, focus, and go back one step
    at a time."""
    page = opened("seven")
    page.click("#theme")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("chosen.key") == "app:城市生活圈"
    page.keyboard.press("ArrowRight")
    group = page.evaluate("chosen.id")
    before = page.evaluate("view.placed.size")
    page.keyboard.press("Space")
    folded = page.evaluate("view.placed.size")
    assert folded != before
    page.keyboard.press("Space")
    assert page.evaluate("view.placed.size") == before
    page.evaluate("chosen.open") or page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("chosen.parent.id") == group
    page.keyboard.press("ArrowLeft")
    page.mouse.click(5, 700)
    assert page.evaluate("chosen") is None
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("驾校培训")
    page.keyboard.press("Enter")
    key = page.evaluate("chosen.key")
    page.keyboard.press("Enter")
    assert page.evaluate("view.top.key") == key
    page.keyboard.press("Escape")
    assert page.is_hidden("aside")
    page.keyboard.press("Escape")
    assert page.evaluate("view.top.key") != key


def test_the_panel_tells_names_state_and_lines(opened):
    """A click tells both names, the state, the lines and the edges with their names; hovering tells
    the same in short."""
    page = opened("one")
    page.hover("text=/合作协议/ >> nth=0")
    assert "缺少或不符" in page.inner_text("#tip")
    page.click("text=/合作协议/ >> nth=0")
    told = page.inner_text("aside")
    for words in ("合作协议", "cooperation agreement", "✗ 缺少或不符", "须提供", "67-74", "70"):
        assert words.lower() in told.lower() or words == "67-74"
    assert re.search(r"wechat-table-2026-02-enterprise 70", told)
    page.click("aside .close")
    assert page.is_hidden("aside")


def test_what_is_said_to_those_who_listen(opened):
    """Each place says its kind, name, state, how much stands below it, and its lines."""
    page = opened("seven")
    assert page.get_attribute("#figure svg", "role") == "tree"
    said = page.evaluate("[...view.placed].find((n) => n.kind === 'category').element.ariaLabel")
    assert re.fullmatch(r"✗ 教育-驾校平台, 类目, 缺少或不符, 下有 \d+ 项, wechat-.* 67-74", said)


@pytest.mark.parametrize("name", ["whole", "category", "seven", "changes", "proof", "plan"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened, name, scheme):
    """axe finds nothing in either theme, with the panel and the list of what was found open too."""
    script = installed("axe-core", "axe.min.js")
    page = opened(name)
    page.emulate_media(color_scheme=scheme)
    page.evaluate("choose([...view.placed][1])")
    page.fill("#search", "驾校")
    # Not as a tag of the page, whose policy lets no other script run.
    page.evaluate(script.read_text(encoding="utf-8") + "\nvoid 0;")
    found = page.evaluate("axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))")
    assert found == []


CONTRAST = """() => {
  const light = (colour) => {
    const part = colour.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  return [...document.querySelectorAll("#figure .node")].flatMap((node) => {
    const fill = light(getComputedStyle(node.querySelector(".shape")).fill);
    return [...node.querySelectorAll(":scope > text > tspan")].map((text) => {
      const ink = light(getComputedStyle(text).fill);
      return (Math.max(ink, fill) + 0.05) / (Math.min(ink, fill) + 0.05);
    });
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_in_the_picture(opened, scheme):
    """Letters in boxes, which axe does not measure, differ 4.5 to 1 from what they stand on."""
    for name in ("seven", "category", "changes", "plan", "proof"):
        page = opened(name)
        page.emulate_media(color_scheme=scheme)
        assert min(page.evaluate(CONTRAST)) >= 4.5


@pytest.mark.parametrize(("name", "wide"), [("one", True), ("seven", False)])
def test_paper(opened, name, wide):
    """What can be read on one sheet lies on it; what can not is a list on several, upright; no
    letters are smaller than 6 points, and afterwards the page is as it was."""
    page = opened(name)
    page.evaluate("() => { for (const n of nodes.values()) n.open = true; render(); }")
    before = shown(page)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert ("landscape" in page.evaluate("turn.textContent")) is wide
    sheets = page.evaluate(
        """[...document.querySelectorAll("#paper .sheet svg")].map((s) => 13 * Math.min(
          (s.closest(".sheet").clientWidth) / s.viewBox.baseVal.width, 1) * 72 / 96)"""
    )
    assert min(sheets) > 6
    assert page.inner_text("#paper h1").startswith(("学车通", "城市生活圈"))
    assert page.pdf().startswith(b"%PDF")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert shown(page) == before


def test_link(opened, views):
    """The link that is copied opens the same place."""
    page = opened("whole")
    page.fill("#search", "教育-驾校平台")
    page.press("#search", "Enter")
    page.keyboard.press("Enter")
    before = shown(page)
    page.click("#copy")
    until(page, "document.getElementById('says').textContent === '已复制'")
    link = page.evaluate("navigator.clipboard.readText()")
    part = "#focus=category%3Aeducation-driving-school-platform"
    assert link == views["whole"].as_uri() + part
    assert shown(opened("whole", part=part)) == before


def test_in_a_frame(chromium, views):
    """In a notebook's frame there is no button that could not work; the frame takes the light or
    dark of the element around it."""
    page = chromium.new_page(viewport={"width": 900, "height": 600}, color_scheme="null")
    page.set_content(
        '<div style="color-scheme: dark"><iframe sandbox="allow-scripts" width=800 height=500>'
        "</iframe></div>"
    )
    text = views["one"].read_text(encoding="utf-8")
    page.evaluate("(text) => { document.querySelector('iframe').srcdoc = text; }", text)
    frame = page.frames[1]
    frame.wait_for_selector("#figure .node")
    assert frame.query_selector("#copy") is None
    assert frame.query_selector("#print") is None
    assert frame.query_selector("#reset") is not None
    ground = frame.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(20, 23, 26)"
    page.close()


def test_legend_names_what_is_there(opened):
    """The legend names the shapes, marks and lines in sight, no more than seven of each, and can be
    folded."""
    for name in ("seven", "plan", "category"):
        page = opened(name)
        kinds = set(page.evaluate("[...view.placed].map((n) => kindName(n))")) - {"分组"}
        words = page.inner_text(".entries")
        assert all(kind in words for kind in kinds)
        assert len(page.query_selector_all(".entries .sample .shape")) <= 7 + 3
        assert len(page.query_selector_all(".entries .sample .line")) <= 7
    page.click("summary")
    assert page.is_hidden(".entries")


def test_steps_of_a_plan_stand_in_their_order(base, opened):
    """Each step of a plan stands above those that come after it."""
    page = opened("plan")
    tops = page.evaluate("Object.fromEntries([...view.placed].map((n) => [n.key, n.y]))")
    graph = base.graph(app=APPS / "xuechetong.yaml", plan=True, as_of=DAY)
    pairs = [
        (u, v)
        for u, v, d in graph.edges(data=True)
        if d["kind"] == "before" and u.startswith("step:") and v.startswith("step:")
    ]
    assert len(pairs) > 5
    assert all(tops[before] < tops[after] for before, after in pairs)


@pytest.mark.parametrize("name", ["plan", "plan-english"])
@pytest.mark.parametrize("size", [SIZES[0], SIZES[2]])
def test_all_steps_of_a_plan_are_in_sight(opened, name, size):
    """At first sight on a screen all twelve steps of a plan lie inside the picture, whole, and in
    as many lines as their room asks for: on a phone in more."""
    page = opened(name, size)
    lows = page.evaluate(
        """[...view.placed].filter((n) => n.kind === "step").map((n) =>
          n.element.getBoundingClientRect().bottom - figure.getBoundingClientRect().bottom)"""
    )
    assert len(lows) == 12
    assert max(lows) <= 0
    count = "[...view.placed].reduce((sum, n) => sum + (n.kind === 'step') * n.lines.length, 0)"
    broad = page.evaluate(count)
    assert opened(name, SIZES[1]).evaluate(count) > broad


def test_what_is_long_fills_a_phone(opened):
    """What is far longer than a phone has letters as large as their place allows, not the least."""
    page = opened("whole", SIZES[1])
    assert min(size for _, size, *_ in page.evaluate(LETTERS)) == 13


def test_names_are_text(base, tab, tmp_path):
    """Markup and script in a name are shown as they are written, and do nothing; no name stands raw
    in the page."""
    app = {"name": NASTY, "services": ["driving_school_platform"]}
    graph = base.graph(app=app, as_of=DAY)
    for key in ("category:education-driving-school-platform", "service:driving_school_platform"):
        graph.nodes[key]["zh"] = graph.nodes[key]["en"] = NASTY
    text = html(graph)
    assert "<img" not in text
    assert text.count("<script") == 2
    path = tmp_path / "nasty.html"
    path.write_text(text, encoding="utf-8")
    heard = listening(tab)
    tab.goto(path.as_uri())
    tab.fill("#search", "onerror")
    assert tab.inner_text("#says") == "3 个结果"
    tab.press("#search", "Enter")
    assert tab.inner_text("aside h2") == NASTY
    assert tab.evaluate("window.hurt") is None
    assert tab.query_selector("img") is None
    assert heard.requests == [path.as_uri()]
    assert heard.console == []


def test_a_page_of_the_whole_is_small(views):
    """The page of the whole base has less than 6 MB."""
    assert views["whole"].stat().st_size < 6_000_000
