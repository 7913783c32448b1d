"""A notebook in a real JupyterLab, in a browser: Run All, completion, the panel, the graph."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from needed import needs

INSTALL = (
    "needs JupyterLab and a browser: pip install 'policy-kb[test-all]'; apt-get install chromium"
)
needs("playwright", "jupyterlab", "ipywidgets", reason=INSTALL)

BOOK = Path(__file__).parents[2] / "notebooks" / "01-first-questions.ipynb"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 60_000


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A server on the loopback with one notebook, with settings of its own."""
    home = tmp_path_factory.mktemp("lab")
    books = home / "books"
    books.mkdir()
    shutil.copy(BOOK, books / "book.ipynb")
    port, token = free_port(), secrets.token_hex(16)
    own = {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_TOKEN": token,
        "PYTHONPATH": os.pathsep.join([str(BOOK.parents[1]), os.environ.get("PYTHONPATH", "")]),
    }
    options = {
        "ip": "127.0.0.1",
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "allow_root": True,
        "root_dir": books,
    }
    flags = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    log = home / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *flags, "--LabApp.news_url=None"],
            env={**os.environ, **own},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}/api?token={token}", timeout=5).close()
                break
            assert server.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < deadline, log.read_text(errors="replace")
            time.sleep(0.1)
        yield f"{url}/lab/tree/book.ipynb?token={token}&reset"
    finally:
        # The server ends its kernels when it is asked to end.
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture(scope="module")
def page(lab):
    """The notebook open in a browser, with all cells run."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip(INSTALL)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=FLAGS)
        try:
            tab = browser.new_page(viewport={"width": 1400, "height": 1000})
            tab.set_default_timeout(SECONDS)
            tab.goto(lab)
            tab.wait_for_selector(".jp-Notebook .jp-CodeCell")
            # The menu is there before the kernel is; cells that it is asked for then are not run.
            tab.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
            tab.get_by_role("menuitem", name="Run", exact=True).click()
            tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            tab.wait_for_selector(".kb-panel", state="attached")
            yield tab
        finally:
            browser.close()


def test_run_all(page):
    """Run All runs every cell without an error."""
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.locator(".jp-RenderedText[data-mime-type*='error']").count() == 0
    assert page.locator(".jp-CodeCell .jp-InputPrompt").last.inner_text() == "[11]:"


def test_graph_is_visible(page):
    """The graph is drawn in its frame, with Chinese names, and finds what is searched for."""
    frame = page.locator(".jp-OutputArea iframe[sandbox='allow-scripts']").first
    frame.scroll_into_view_if_needed()
    inside = frame.content_frame
    inside.locator("svg .node").first.wait_for()
    assert inside.locator("svg .node").count() > 5
    inside.locator("#search").fill("合作协议")
    inside.locator("#results").get_by_text("合作协议").first.wait_for()


def test_panel_click(page):
    """In the panel a search offers a service, a click on it changes the answer, and one more draws
    the graph."""
    panel = page.locator(".kb-panel")
    panel.scroll_into_view_if_needed()
    assert panel.get_by_text("深度合成-AI问答").count() == 0
    # It fits the column that it stands in.
    assert panel.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    panel.get_by_placeholder("用自己的话").press_sequentially("AI问答")
    panel.get_by_role("button", name="+ AI问答").click()
    panel.get_by_text("深度合成-AI问答 — 缺材料").first.wait_for()
    assert panel.locator("iframe").count() == 0
    panel.get_by_role("button", name="画出关系图(要几秒)").click()
    drawn = panel.locator("iframe").first.content_frame
    drawn.locator("svg .node").first.wait_for()
    assert panel.locator("iframe").count() == 1


def test_tab_completion(page):
    """The Tab key completes a Chinese label inside a `%kb` line."""
    page.keyboard.press("Escape")
    page.get_by_role("menuitem", name="Edit", exact=True).wait_for()
    cell = page.locator(".jp-CodeCell").last
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("%kb required(A, '教育-驾校")
    page.keyboard.press("Tab")
    offered = page.locator(".jp-Completer")
    offered.get_by_text("教育-驾校平台").first.wait_for()
    offered.get_by_text("教育-驾校平台").first.click()
    cell.get_by_text("%kb required(A, '教育-驾校平台").wait_for()


def opened(panel, button, text):
    """Clicks a button until what it opens is there: an answer that comes in meanwhile draws the
    panel anew, and closed."""
    from playwright.sync_api import TimeoutError

    for _ in range(5):
        panel.get_by_role("button", name=button).click()
        with contextlib.suppress(TimeoutError):
            panel.get_by_text(text).first.wait_for(timeout=12_000)
            return
    raise AssertionError(f"{button} does not open {text}")


def test_panel_by_words_alone(page):
    """Somebody who types what the app does, and no name or id, gets services by category, the
    verdict of the one chosen, why the next question is asked, and can keep words that nothing
    fits."""
    panel = page.locator(".kb-panel")
    panel.scroll_into_view_if_needed()
    words = panel.get_by_placeholder("用自己的话")
    words.press_sequentially("录好的网课卖给学生看")
    panel.get_by_role("button", name="+ 在线视频课程").first.wait_for()
    assert panel.get_by_role("button", name="+ ").count() <= 10
    panel.get_by_role("button", name="+ 在线视频课程").click()
    panel.get_by_text("教育-在线视频课程 — ").first.wait_for()
    opened(panel, "为什么问?", "取决于它")
    words.press_sequentially("算命测八字")
    panel.get_by_role("button", name="都不是,按我的话保留").click()
    panel.get_by_role("button", name="「算命测八字」 ×").click()
    panel.get_by_role("button", name="在线视频课程 ×").click()
    panel.get_by_text("教育-在线视频课程 — ").first.wait_for(state="detached")
