"""The page: it asks nothing of any network, does what its buttons say, and runs no name."""

from pathlib import Path

import pytest
from graph_browser import browser, listening, until

from kb.graph.formats import export, html

APPS = Path(__file__).parents[1] / "apps"
DAY = "2025-06-30"
NASTY = '</script><script>window.hurt=1</script><img src=x onerror="window.hurt=2">\'"&lt;'


@pytest.fixture(scope="module")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def whole(base, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "whole.html"
    export(base.graph(as_of=DAY), path, "zh", base.graph(references=True, as_of=DAY))
    return path


@pytest.fixture
def page(chromium, whole):
    """The whole base in a fresh tab, which asks for nothing and complains of nothing."""
    context = chromium.new_context(viewport={"width": 1000, "height": 640})
    tab = context.new_page()
    heard = listening(tab)
    tab.goto(whole.as_uri())
    yield tab
    assert heard.requests == [whole.as_uri()]
    assert heard.console == []
    context.close()


def shown(page):
    """The keys of the nodes that are in sight."""
    return page.evaluate(
        """[...now.nodes.values()].filter(
          (n) => getComputedStyle(n.element).visibility === "visible").map((n) => n.key)"""
    )


@pytest.mark.parametrize(
    "words", ["驾校平台", "platform for several driving", "DRIVING_SCHOOL_PLATFORM"]
)
def test_search(page, words):
    """Search finds by Chinese, by English and by id, and moves to what it found."""
    page.fill("#search", words)
    assert "驾校平台" in page.inner_text("#results")
    page.press("#search", "Enter")
    assert page.inner_text("aside h2") in ("驾校平台", "教育-驾校平台")
    assert page.evaluate("chosen.element.getBoundingClientRect().width") > 20


def test_search_for_nothing(page):
    """Search says when nothing has the name."""
    page.fill("#search", "没有这个名字")
    assert page.inner_text("#says") == "没有找到"
    assert page.is_hidden("#results")


def test_tap_tells_source_and_lines(page):
    """A tap on a node tells both its names and the lines that state it."""
    page.fill("#search", "合作协议")
    page.press("#search", "Enter")
    page.click("aside .close")
    assert page.is_hidden("aside")
    box = page.evaluate(
        """(() => {
          const box = found[0].element.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        })()"""
    )
    page.mouse.move(*box)
    assert "合作协议" in page.inner_text("#tip")
    assert "wechat-" in page.inner_text("#tip")
    page.mouse.click(*box)
    told = page.inner_text("aside")
    assert "cooperation agreement" in told.lower()
    assert page.evaluate("chosen.sources[0]") in told


MIDDLE = """(() => {
      const box = found[0].element.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    })()"""


def at_rest(page):
    """Where the middle of what was found comes to rest."""
    before, found = None, page.evaluate(MIDDLE)
    while found != before:
        page.wait_for_timeout(150)
        before, found = found, page.evaluate(MIDDLE)
    return found


def test_the_hand_moves_the_picture(page):
    """What is dragged goes where the hand goes; the wheel brings nearer what lies under it, which a
    tap finds there while the picture still moves."""
    page.evaluate("void (window.near = (a, b) => a.every((v, n) => Math.abs(v - b[n]) < 1))")
    page.fill("#search", "教育-驾校平台")
    page.press("#search", "Enter")
    x, y = page.evaluate(MIDDLE)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x - 30 * step, y + 20 * step)
    page.mouse.up()
    until(page, f"near({MIDDLE}, {[x - 150, y + 100]})")
    until(page, "!now.glass.classList.contains('moving')")
    page.click("aside .close")
    x, y = at_rest(page)
    wide = page.evaluate("found[0].element.getBoundingClientRect().width")
    page.mouse.move(x, y)
    page.mouse.wheel(0, -60)
    page.mouse.wheel(0, -60)
    until(page, "now.glass.classList.contains('moving')")
    page.mouse.click(x, y)
    until(page, "chosen === found[0]")
    page.click("aside .close")
    assert at_rest(page) == pytest.approx([x, y], abs=1)
    assert page.evaluate("found[0].element.getBoundingClientRect().width") > 1.5 * wide


def test_what_is_printed_is_what_is_in_view(page):
    """On paper stands the part that is in view; afterwards the page is as it was."""
    shape = "now.svg.getAttribute('viewBox').split(' ').map(Number)"
    listen = f"addEventListener('beforeprint', () => {{ window.printed = {shape}; }})"
    before = page.evaluate(shape)
    page.fill("#search", "教育-驾校平台")
    page.press("#search", "Enter")
    page.evaluate(listen)
    page.pdf()
    assert page.evaluate("printed") == page.evaluate("Object.values(now.box)")
    assert page.evaluate("printed") != before
    assert page.evaluate(shape) == before


def test_focus_and_reset(page):
    """Focus leaves the neighbourhood alone in sight; reset brings everything back."""
    before = shown(page)
    page.fill("#search", "教育-驾校平台")
    page.press("#search", "Enter")
    page.keyboard.press("Enter")
    focused = shown(page)
    assert "document:non_commercial_icp_filing" in focused
    assert len(focused) == 8
    page.fill("#steps", "1")
    page.press("#steps", "Tab")
    assert set(shown(page)) < set(focused)
    page.click("#reset")
    assert shown(page) == before
    assert page.is_hidden("aside")


def test_collapse(page):
    """A folded branch hides what only it leads to, says how much that is, and opens again."""
    before = len(shown(page))
    page.fill("#search", "教育-驾校平台")
    page.press("#search", "Enter")
    page.click("#collapse")
    assert len(shown(page)) == before - 6
    assert page.text_content(".badge") == "+6"
    page.keyboard.press("c") if page.evaluate("document.activeElement.tagName") == "svg" else (
        page.click("#collapse")
    )
    assert len(shown(page)) == before


def test_link_to_the_focus(page, whole):
    """The link that is copied opens the same focus."""
    page.fill("#search", "教育-驾校平台")
    page.press("#search", "Enter")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#copy")
    until(page, "document.getElementById('says').textContent === '已复制'")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{whole.as_uri()}#focus=category%3Aeducation-driving-school-platform&steps=3"
    other = page.context.new_page()
    other.goto(link)
    assert other.inner_text("aside h2") == "教育-驾校平台"
    assert shown(other) == shown(page)


def test_keyboard_alone(page):
    """Everything can be reached without a pointer: search, move along edges, focus, reset."""
    page.keyboard.press("/")
    page.keyboard.type("教育-驾校平台")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("aside h2") == "驾校平台"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#focus=category")
    page.keyboard.press("Escape")
    assert page.evaluate("location.hash") == ""


def test_second_view(page):
    """The references between categories are a view of their own."""
    page.click(".tab >> nth=1")
    assert {key.split(":")[0] for key in shown(page)} == {"category"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(chromium, whole, scheme):
    """The page follows the reader's light or dark, turns to the other on request, and prints
    light."""
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(whole.as_uri())
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = "rgb(255, 255, 255)", "rgb(20, 23, 26)"
    assert page.evaluate(ground) == (light if scheme == "light" else dark)
    page.click("#theme")
    assert page.evaluate(ground) == (dark if scheme == "light" else light)
    page.emulate_media(media="print")
    assert page.evaluate(ground) == light
    assert page.is_hidden("header")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shapes_stay_in_the_dark(chromium, whole, scheme):
    """What is told by a second border has it in the dark too, where nothing fills what is between;
    shapes are light in the light and dark in the dark."""
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(whole.as_uri())
    fills = page.evaluate(
        """[...document.querySelectorAll(".node.all_of, .node.prohibition")].map((e) =>
          [...e.querySelectorAll("path, polygon")].map((s) => getComputedStyle(s).fill))"""
    )
    assert len(fills) > 20
    for first, *others in fills:
        red, green, blue = map(int, first[4:-1].split(", "))
        assert (red + green + blue > 600) if scheme == "light" else (red + green + blue < 300)
        assert others[-1:] == ["none"]
    context.close()


OVERLAPS = """[...document.querySelectorAll('.figure')].flatMap((figure) => {
      figure.hidden = false;
      const boxes = [...figure.querySelectorAll('g.node, g.edge > text')].map(
        (e) => [e.id || e.textContent, e.getBoundingClientRect()]).filter(([, b]) => b.width > 0);
      const found = [];
      boxes.forEach(([a, p], n) => boxes.slice(n + 1).forEach(([b, q]) => {
        if (p.left < q.right - 0.3 && q.left < p.right - 0.3
          && p.top < q.bottom - 0.3 && q.top < p.bottom - 0.3) found.push([a, b]);
      }));
      return found;
    })"""


def test_labels_do_not_overlap(page):
    """No label lies on another one, in either view."""
    assert page.evaluate(OVERLAPS) == []


NAMES = """[...now.names.children].map((e) => {
      const b = e.getBoundingClientRect();
      return [e.textContent, b.left, b.top, b.right, b.bottom];
    })"""
ROOTS = """now.roots.map((root) => {
      const b = root.element.getBoundingClientRect();
      const [x, y] = [(b.left + b.right) / 2, (b.top + b.bottom) / 2];
      return [label(root), near(root, Infinity).size, x, y];
    })"""


def clash(one, other):
    """Whether two boxes of letters lie on each other; the box of a letter is higher than it is."""
    (left, top, right, bottom), (west, north, east, south) = one, other
    return left < east and west < right and top < south - 5 and north < bottom - 5


@pytest.mark.parametrize(("width", "height"), [(1000, 640), (560, 900)])
def test_from_far_off_the_trees_are_named(page, width, height):
    """Where labels are too small to be read, categories and texts are named in letters that can be:
    the largest trees first, each name across the root of its tree or within two lines of it, none
    on another one, none cut; those that are left out have no room. Who comes nearer reads the
    labels themselves."""
    page.set_viewport_size({"width": width, "height": height})
    until(page, f"now.width === {width}")
    named = [(name, tuple(box)) for name, *box in page.evaluate(NAMES)]
    boxes, roots = dict(named), page.evaluate(ROOTS)
    assert len(named) == len(boxes)
    assert len(roots) == len({label for label, *_ in roots})
    sizes = {label: size for label, size, *_ in roots}
    assert {"北京市教育移动应用备案及管理通知(征求意见稿)", "深度合成-AI问答"} <= set(boxes)
    edge = page.evaluate("now.figure.getBoundingClientRect().toJSON()")
    for label, size, x, y in roots:
        if label in boxes:
            left, top, right, bottom = boxes[label]
            assert bottom - top > 9
            assert left < x < right
            assert abs((top + bottom) / 2 - y) < 36
            assert edge["left"] <= left < right <= edge["right"]
            assert edge["top"] <= top + 3 < bottom - 3 <= edge["bottom"]
            continue
        # Every place that it might have had is taken, or cut by the edge.
        wide = sum(12 if c > "\u2e7f" else 7 for c in label)
        start = min(max(x - wide / 2, edge["left"] + 6), edge["right"] - wide - 6)
        larger = [box for name, box in named if sizes[name] >= size]
        for middle in (y + 15.6 * line for line in range(-2, 3)):
            taken = any(
                abs((top + bottom) / 2 - middle) < 20
                and left < start + wide + 16
                and start < right + 16
                for left, top, right, bottom in larger
            )
            assert taken or middle < edge["top"] + 9 or middle > edge["bottom"] - 9, (label, middle)
    texts = list(boxes.items())
    pairs = [(one, two) for at, one in enumerate(texts) for two in texts[at + 1 :]]
    assert [(one, two) for one, two in pairs if clash(one[1], two[1])] == []
    page.fill("#search", "教育-驾校平台")
    page.press("#search", "Enter")
    until(page, "!now.svg.classList.contains('far')")
    assert page.evaluate(NAMES) == []
    page.keyboard.press("Escape")
    until(page, "now.svg.classList.contains('far')")
    assert [(name, tuple(box)) for name, *box in page.evaluate(NAMES)] == named


def test_names_from_far_off_tell_the_state(base, chromium, tmp_path):
    """The names of an answer that is too large for the window bear the marks of their states."""
    path = tmp_path / "app.html"
    app = {"name": "a", "services": ["driving_school_platform", "ai_questions"], "holds": []}
    export(base.graph(app=app, as_of=DAY), path)
    page = chromium.new_page(viewport={"width": 320, "height": 320})
    page.goto(path.as_uri())
    until(page, "now.svg.classList.contains('far')")
    names = [name for name, *_ in page.evaluate(NAMES)]
    assert {"✗ a", "✗ 教育-驾校平台", "✗ 深度合成-AI问答"} <= set(names)
    page.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_plan_as_a_page(base, chromium, tmp_path, lang):
    """The page of a plan says nothing and asks for nothing; its labels are apart; its steps go from
    left to right, each with its items below it in the order of the text (those under a
    condition last); an arrow key leads to the next step."""
    path = tmp_path / "plan.html"
    graph = base.graph(app=APPS / "xuechetong.yaml", plan=True, as_of=DAY)
    export(graph, path, lang)
    page = chromium.new_page()
    heard = listening(page)
    page.goto(path.as_uri())
    assert page.evaluate(OVERLAPS) == []
    boxes = page.evaluate(
        """[...now.nodes.values()].map((n) => {
          const box = n.element.getBoundingClientRect();
          return [n.key, box.left + box.width / 2, box.top];
        })"""
    )
    middle = {key: (x, top) for key, x, top in boxes}
    items = {}
    for step, item, data in graph.edges(data=True):
        asked = any(d["kind"] == "when" for *_, d in graph.out_edges(item, data=True))
        if step.startswith("step:") and data["kind"] == "requires" and not asked:
            items.setdefault((step, graph.nodes[item]["kind"]), []).append(middle[item][1])
    assert len(items) > 3
    assert all(tops == sorted(tops) for tops in items.values())
    for tail, head, data in graph.edges(data=True):
        if not tail.startswith("step:") or head not in middle:
            continue
        if data["kind"] == "before":
            assert middle[tail][0] < middle[head][0]
        if data["kind"] == "requires":
            assert abs(middle[tail][0] - middle[head][0]) < 20
            assert middle[tail][1] < middle[head][1]
    page.fill("#search", graph.nodes["step:filing-procedure-2025:number-issued"][lang])
    page.press("#search", "Enter")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("aside h2") == graph.nodes["step:filing-procedure-2025:publish"][lang]
    assert heard.requests == [path.as_uri()]
    assert heard.console == []
    page.close()


def test_names_are_text(base, chromium, tmp_path):
    """Markup and script in a name are shown as they are written, and do nothing."""
    path = tmp_path / "nasty.html"
    app = {"name": NASTY, "services": ["driving_school_platform"]}
    graph = base.graph(app=app, as_of=DAY)
    for key in ("category:education-driving-school-platform", "service:driving_school_platform"):
        graph.nodes[key]["zh"] = graph.nodes[key]["en"] = NASTY
    export(graph, path)
    page = chromium.new_page()
    heard = listening(page)
    page.goto(path.as_uri())
    page.fill("#search", "onerror")
    assert page.inner_text("#says") == "3 个结果"
    page.press("#search", "Enter")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert page.inner_text("aside h2") == NASTY
    assert page.evaluate("window.hurt") is None
    assert page.query_selector("img") is None
    assert heard.requests == [path.as_uri()]
    assert heard.console == []
    page.close()


def test_no_name_stands_raw_in_the_page(base):
    """`<` of a name is an escape in the page's text, in the picture and in the data alike."""
    app = {"name": NASTY, "services": ["driving_school_platform"]}
    text = html(base.graph(app=app, as_of=DAY))
    assert "<img" not in text
    assert text.count("<script") == 2


def test_a_big_page_is_usable(chromium, tmp_path):
    """A base of 3,000 nodes is drawn, searched and moved in without a word of complaint."""
    from graph_big import big_graph

    path = tmp_path / "big.html"
    export(big_graph(), path)
    page = chromium.new_page(viewport={"width": 800, "height": 500})
    heard = listening(page)
    page.goto(path.as_uri())
    assert page.evaluate("now.nodes.size") > 3000
    page.fill("#search", "类目 299")
    page.press("#search", "Enter")
    page.keyboard.press("Enter")
    assert 5 < len(shown(page)) < 40
    page.click("aside .close")
    x, y = page.evaluate(MIDDLE)
    page.mouse.move(x, y)
    assert "类目 299" in page.inner_text("#tip")
    page.mouse.click(x, y)
    assert page.inner_text("aside h2") == "类目 299"
    page.keyboard.press("Escape")
    page.mouse.wheel(0, -400)
    assert heard.console == []
    page.close()
