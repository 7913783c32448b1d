"""Fees and lead times that texts state: bundles rest on them where a question gives none."""

import shutil

import pytest
from test_cases import CASES, loaded

from kb.graph.drawing import drawing
from kb.graph.formats import export
from kb.lang.problems import Problems
from kb.model.facts import read_facts

DAY = "2021-06-30"
TEA = {"name": "a", "regions": ["north"], "services": ["tea"]}
FISH = {"name": "a", "regions": ["north"], "services": ["fish"]}


@pytest.fixture(scope="module")
def market():
    """The base of a made-up market."""
    return loaded(("facts-market",))


def best(base, app, day=DAY, **more):
    return base.bundles(app, day, **more).to_dict()


def papers(found):
    return [each["id"] for each in found["bundle"]["documents"]]


def test_the_cheapest_by_what_texts_state(market):
    """A licence for 300 against a permit for 50 and a letter for 100 to 120 (lines 10-12): the two
    are cheaper at their dearest; once the licence costs 90 it is, and its text is cited."""
    dear = best(market, TEA, by="cheapest")
    assert papers(dear) == ["stall_permit", "trade_letter"]
    assert dear["bundle"]["cost"] is None
    assert dear["bundle"]["cost_ends"] == {"least": 150_00, "most": 170_00}
    cheap = best(market, TEA, "2022-07-01", by="cheapest")
    assert papers(cheap) == ["tea_licence"]
    assert cheap["bundle"]["cost"] == 90_00
    told = {each["part"]: each["sources"] for each in cheap["outlays"]}
    assert told["market-2022:tea-licence-fee"] == [
        {"source": "market-2022", "lines": [1], "locator": ""}
    ]


def test_a_price_of_the_question_goes_first(market):
    """What the question gives is taken, and the text's fee of that document is not told."""
    found = best(market, TEA, by="cheapest", cost={"tea_licence": 1_00})
    assert (papers(found), found["bundle"]["cost"]) == (["tea_licence"], 1_00)
    assert [each["part"] for each in found["outlays"]] == ["market-2020:tea-licence-time"]


def test_a_day_within_a_quarter_is_both(market):
    """While it is open whether a later fee holds, the price lies between both; a fee that only
    perhaps holds is none by itself."""
    found = best(market, TEA, "2022-05-01", days={"tea_licence": 1}, by="fastest")
    assert found["bundle"]["cost_ends"] == {"least": 90_00, "most": 300_00}
    unsaid = {"name": "a", "services": ["tea"]}
    ends = best(market, unsaid, by="cheapest", cost={"tea_licence": 9_000_00})["bundle"]
    assert ends["cost_ends"] == {"least": 150_00, "most": 620_00}


def test_unknown_stays_unknown(market):
    """Nothing is summed up of which a part is not known: an end that a text leaves open, another
    currency, a document of which no text says what it takes; none of them is 0."""
    found = best(market, FISH)
    assert {"cost", "days"} <= {k for k, v in found["bundle"].items() if v is None}
    assert not {"cost_ends", "days_ends"} & set(found["bundle"])
    stated = {each["part"].partition(":")[2]: each for each in found["outlays"]}
    assert (stated["ice-fee"]["least"], stated["ice-fee"]["most"]) == (2000, None)
    assert stated["pass-fee"]["currency"] == "HKD"
    priced = best(market, FISH, cost={"harbour_pass": 0})["bundle"]
    # 60 for the licence, 20 or more for the ice, two papers at 7.
    assert priced["cost_ends"] == {"least": 94_00, "most": None}
    held = {**FISH, "holds": [{"document": "fire_paper", "count": 1}]}
    assert best(market, held, cost={"harbour_pass": 0})["bundle"]["cost_ends"]["least"] == 87_00


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", ["最省: 2 种材料 (150.00–170.00 元, 至多 4 个工作日)",
                "来源写明的费用和办理时间:",
                "· 《行商信》: 100.00–120.00 元  [market-2020 12]"]),
        ("en", ["cheapest: 2 documents (150.00–170.00, at most 4 working days)",
                "fees and times that the sources state:",
                "· 行商信 (trade letter): 100.00–120.00 CNY  [market-2020 12]"]),
    ],
)  # fmt: skip
def test_told(market, lang, expected):
    """Sums, spans and cites in both languages; a document and a category show their own."""
    lines = [
        line.strip() for line in str(market.bundles(TEA, DAY, by="cheapest", lang=lang)).split("\n")
    ]
    assert [line for line in expected if line not in lines] == []
    shown = str(market.show_any("stall_permit", as_of=DAY, lang="zh"))
    assert "《摊位证》: 500.00 元 (非官方)  [south-2021 1]" in shown
    shown = str(market.show("market-tea", as_of=DAY, lang="zh"))
    assert "「集市-茶」: 至少 7 个工作日  [market-2020 23]" in shown


BAD = {
    "- {id: x, amount: 1, lines: 1}": "give one of `document` and `category`",
    "- {id: x, document: tea_licence, amount: {}, lines: 1}": "give `least`, `most` or both",
    "- {id: x, document: tea_licence, amount: {least: 2, most: 1}, lines: 1}":
        "`least` is more than `most`",
    "- {id: x, document: tea, amount: 1, lines: 1}": "no document is called `tea`",
    "- {id: x, document: tea_licence, amount: 1, lines: 2}": "line 2 is not a line of the source",
    "- {id: x, document: tea_licence, amount: 1, ends: {date: 2020-01-01}, lines: 1}":
        "the text ends before it begins",
    "- {id: x, document: tea_licence, amount: 1, lines: 1}\n"
    "  - {id: y, document: tea_licence, amount: 2, lines: 1}":
        "`y` and `x` tell of the same thing on the same day",
}  # fmt: skip


@pytest.mark.parametrize("entry", BAD)
def test_what_facts_may_not_say(tmp_path, entry):
    """Each slip in a fee is one message."""
    folder = tmp_path / "facts"
    shutil.copytree(CASES / "facts-market", folder)
    path = folder / "square-2021.yaml"
    head = path.read_text("utf-8").partition("fees:")[0]
    path.write_text(f"{head}fees:\n  {entry}\n", "utf-8")
    with pytest.raises(Problems) as refused:
        read_facts(folder)
    assert [problem.message for problem in refused.value.problems] == [BAD[entry]]


def test_in_the_picture(market):
    """A picture tells at a document and a category what texts state of its fee and its time,
    whether surely, from when and with their lines; of the two, what no text states is unknown on
    the day, and where texts state neither there is nothing."""
    whole = market.graph(as_of="2022-05-01").nodes
    assert whole["document:tea_licence"]["fee_en"] == "300.00 CNY; 90.00 CNY (perhaps)"
    assert whole["document:tea_licence"]["sources"] == "market-2020 2, 10, 19; market-2022 1"
    assert whole["category:market-tea"]["lead_time_zh"] == "至少 7 个工作日"
    assert whole["category:market-tea"]["fee_zh"] == "未知 (2022-05-01)"
    assert "fee_zh" not in whole["document:herb_letter"]
    own = market.graph(app=FISH, as_of=DAY)
    assert own.nodes["document:ice_proof"]["fee_en"] == "at least 20.00 CNY"
    assert own.nodes["document:ice_proof"]["lead_time_en"] == "unknown (2021-06-30)"
    for lang, expected in (
        ("zh", "费用: 60.00 元 (自 2021-01-01 起,学徒减半) 用时: 9 个工作日"),
        ("en", "fee: 60.00 CNY (from 2021-01-01 on, apprentices pay half) time: 9 working days"),
    ):
        labels = {s.key: s.label for s in drawing(own, lang).spots}
        wanted = expected.replace(" ", "")
        assert wanted in labels["document:fish_licence"].replace("\n", "").replace(" ", "")
    assert market.graph(category="集市-茶", as_of=DAY).nodes["document:stall_permit"]["fee_en"] == (
        "50.00 CNY; 500.00 CNY (unofficial)"
    )


def test_every_format_carries_fees_and_times(market, tmp_path):
    """Whatever the format of a picture, the fee of a document can be read in it."""
    graph = market.graph(app=FISH, as_of=DAY)
    for ending in ("html", "svg", "dot", "graphml", "json", "mmd"):
        path = tmp_path / f"a.{ending}"
        export(graph, path, "en")
        assert "60.00" in path.read_text("utf-8"), ending
