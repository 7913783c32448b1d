"""What a source states beyond categories, as `kb show` tells it of the source."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from test_cases import loaded

import kb
from kb.lang.syntax import ranges
from kb.model.places import shipped

TOLD = {
    "en": """\
  range:
    within: apps that serve the quay  [1]
      where: serves the quay
  duties (8):
    file the ferry — keeper of the light  [2]
      met by: ferry filing of the applicant
      due from 2024-03-31 on
    hold a lamp licence — keeper of the light  [3]
      met by: lamp licence of the applicant
      due only from 2024-06-30 on where this day is before 2023-09-01: day of its first crossing
    have a bell — keeper of the light  [4]
      met by: stating: has a bell
      revoked from 2025-01-01 on
    tell of a move within 7 days — keeper of the light  [5]
      where: has moved to another quay
      met by: stating: has told the harbour
      due 7 days after this day at the latest: day of the move
    mend a leak within 5 working days — keeper of the light  [6]
      where: has had a leak
      met by: stating: is mended
      due 5 working days after this day at the latest: day of the leak
    have the hull examined every 2 years — keeper of the light  [7]
      met by: hull report of the applicant; or pilot's report of the partner
      to be met anew every 2 years, counted from: the issue of the document
    hold a drill every 12 months — keeper of the light  [8]
      met by: day of the last drill
      to be met anew every 12 months, counted from: day of the last drill
    hand in a map within a month of a move — keeper of the light  [5]
      where: has moved to another quay
      met by: stating: has handed in a map
      due 1 month after this day at the latest: day of the move
  prohibitions (4):
    no red flags — keeper of the light  [11]
      broken by: flies a red flag
      forbidden only from 2024-06-30 on where this day is before 2023-09-01: \
day of its first crossing
    no sailing with a leak after 5 working days — keeper of the light  [6]
      where: has had a leak
      broken by: sails with a leak
      forbidden from 5 working days after this day on: day of the leak
    no oil lamps — keeper of the light  [9]
      broken by: uses oil lamps
      forbidden from 2024-07-01 on
    no crossing at night — keeper of the light  [10]
      broken by: 夜渡
      counts through 2023-12-31""",
    "zh": """\
  禁止 (4):
    不得挂红旗 — 灯塔看守  [11]
      做了就违反: 挂红旗
      「开航日期」早于 2023-09-01 的,自 2024-06-30 起才禁止
    漏水 5 个工作日后不得航行 — 灯塔看守  [6]
      当「漏过水」
      做了就违反: 漏水仍航行
      自「漏水的日期」之后 5 个工作日起禁止
    不得用油灯 — 灯塔看守  [9]
      做了就违反: 用油灯
      自 2024-07-01 起禁止
    不得夜渡 — 灯塔看守  [10]
      做了就违反: 夜渡
      有效到 2023-12-31 为止(含当日)""",
}


@pytest.mark.parametrize("lang", TOLD)
def test_in_words(lang: str) -> None:
    """A source tells its range, each duty and each prohibition: whose it is, where it binds, what
    meets or breaks it, and its days."""
    shown = loaded(("facts-ferry",)).show_any("ferry-2023", lang=lang)
    assert shown.text().endswith("\n" + TOLD[lang])
    assert (
        "forbidden from 2024-07-01 on"
        in loaded(("facts-ferry",)).show_any("ferry-2023", lang="en").html()
    )


UNCLEAR = """\
    hold the provincial education administration's permit to run a school — \
provider of the app (who is in charge of it, or its developer)  [38]
      where: serves Beijing; and gives pupils training in school subjects
      met by: provincial education administration's permit to run a school of the applicant
      ? whether the provincial permit to run a school is the permit for online subject training of \
line 37 is not said  [37-38]
        may mean: provincial education administration's permit to run a school, \
permit for online subject training of pupils
      ↳ on breach: joint measures of the education commission and other authorities; taken down, \
once the breach is confirmed;"""


def test_what_stays_open_and_what_follows(base: kb.KnowledgeBase) -> None:
    """What leaves a duty open stands below it, with the papers that may be meant, and so does what
    follows on a breach; apps outside the range of a text are told as such."""
    text = base.show_any("beijing-draft-2022", lang="en").text()
    assert UNCLEAR in text
    assert "    outside: apps for vocational examinations  [21]\n" in text


def stated(source: str) -> dict[str, list[tuple[str, str]]]:
    """The parts of a source with their lines, as its file has them."""
    file = yaml.safe_load((shipped("facts") / f"{source}.yaml").read_text(encoding="utf-8"))
    kinds = ("ranges", "duties", "prohibitions")
    return {
        kind: [(f"{source}:{each['id']}", str(each["lines"])) for each in file.get(kind, ())]
        for kind in kinds
    }


@pytest.mark.parametrize(
    "source", sorted(p.stem for p in Path(shipped("facts")).glob("*-20*.yaml"))
)
def test_all_of_them(base: kb.KnowledgeBase, source: str) -> None:
    """Every range, duty and prohibition of a file is told, in its order and with its lines."""
    told = base.show_any(source, kind="source").to_dict()
    found = {
        kind: [(part["id"], ranges(tuple(part["sources"][0]["lines"]))) for part in told[kind]]
        for kind in ("ranges", "duties", "prohibitions")
    }
    assert found == {
        kind: [(id, lines.replace("'", "")) for id, lines in parts]
        for kind, parts in stated(source).items()
    }


def test_as_json() -> None:
    """A duty and a prohibition as JSON have ids and labels of all that they name."""
    told = loaded(("facts-ferry",)).show_any("ferry-2023", lang="en").to_dict()
    hull, map_ = told["duties"][5], told["duties"][7]
    cite = {"source": "ferry-2023", "locator": ""}
    assert hull == {
        "what": "have the hull examined every 2 years",
        "id": "ferry-2023:hull",
        "when": [],
        "unless": [],
        "sources": [{**cite, "lines": [7]}],
        "met_by": [
            {"document": "船体检验报告", "id": "hull_report", "holder": "applicant"},
            {"document": "引航员报告", "id": "pilot_report", "holder": "partner"},
        ],
        "before": None,
        "renewal": {"years": 2},
        "bearer": {"actor": "keeper of the light", "id": "keeper"},
        "unclear": [],
        "breach": [],
        "note": None,
    }
    assert map_["when"] == [{"condition": "has_moved", "label": "has moved to another quay"}]
    assert map_["time"] == {"deadline": {"since": "moved_on", "unit": "months", "count": 1}}
    night = told["prohibitions"][3]
    assert night["services"] == [{"service": "夜渡", "id": "night_crossing"}]
    assert (night["practices"], night["ends"]) == ([], "2023-12-31")
