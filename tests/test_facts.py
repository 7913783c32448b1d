"""Folders of facts: what is wrong with them, word for word, and what good ones state."""

import shutil
from pathlib import Path

import pytest

import kb
from kb.lang.problems import Problems
from kb.model.facts import read_facts

BAD = Path(__file__).parent / "bad" / "facts"
FILES = sorted(BAD.glob("*.yaml"))
HEAD = """source:
  id: {id}
  zh: 须知
  en: notice
  publisher: {{zh: 镇政府, en: town hall}}
  date: {date}
  standing: in_force
  jurisdiction: CN
  platform: wechat
  line_count: 9
categories:
"""
FOOD = (
    "  - {category: shop-food, lines: 1-3, scope: [{service: bakery, lines: 1}], "
    "none_stated: true}\n"
)


@pytest.fixture
def folder(tmp_path):
    """A folder with a good vocabulary and no source."""
    made = tmp_path / "facts"
    shutil.copytree(BAD / "base" / "vocabulary", made / "vocabulary")
    return made


def source(records, id="bad", date="2024-01-01"):
    return HEAD.format(id=id, date=date) + records


def told(folder):
    with pytest.raises(Problems) as caught:
        read_facts(folder)
    return str(caught.value)


def test_every_bad_file_has_its_message():
    """No bad file stands without its message, and no message without its file."""
    assert [p.stem for p in FILES] == sorted(p.stem for p in BAD.glob("*.txt"))
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_whole_message(path, folder):
    """Each kind of bad fact file is refused with all that is wrong, word for word."""
    shutil.copy(path, folder)
    assert f"{told(folder)}\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_missing_folder(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(Problems) as caught:
        kb.load(only_facts=tmp_path / "none")
    assert str(caught.value) == (
        f"error[no-facts]: no folder of facts at `{tmp_path / 'none'}`\n"
        "  help: name a folder that holds vocabulary/ and fact files"
    )


def test_file_for_a_folder(tmp_path):
    """A file is no folder of facts."""
    path = tmp_path / "facts.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        kb.load(only_facts=path)
    assert str(caught.value).startswith(f"error[no-facts]: no folder of facts at `{path}`\n")


def test_empty_folder(tmp_path):
    """A folder that holds no facts is refused by its name, not taken for a base in which every app
    is in order."""
    with pytest.raises(Problems) as refused:
        kb.load(only_facts=tmp_path)
    assert str(refused.value) == (
        f"error[no-facts]: the folder `{tmp_path}` holds no facts\n"
        "  help: name a folder that holds vocabulary/ and fact files"
    )


@pytest.mark.parametrize("name", ["town.yml", "town.json"])
def test_file_of_another_ending(folder, name):
    """A file that would be passed over is named: what it states must not be missing in silence."""
    (folder / name).write_text("{}", encoding="utf-8")
    with pytest.raises(Problems) as refused:
        kb.load(only_facts=folder)
    assert str(refused.value) == (
        f"{folder.name}/{name}: error[unknown-file]: this file is not read\n"
        "  help: a file of facts is called `*.yaml`"
    )


def test_no_source(folder):
    """A vocabulary alone makes a base without readings; a service is then known and unreached."""
    base = kb.load(only_facts=folder)
    assert not base.facts.readings
    assert base.ask({"name": "a", "services": ["bakery"]}).verdict == "undetermined"


def test_place_of_current_folder(folder, monkeypatch):
    """A fault in the current folder is placed in a file that is there."""
    shutil.copy(BAD / "category_unknown.yaml", folder)
    monkeypatch.chdir(folder)
    with pytest.raises(Problems) as caught:
        read_facts(".")
    (problem,) = caught.value.problems
    assert not Path(problem.span.file).is_absolute()


def test_all_files_at_once(folder):
    """The problems of every file come together, in the order of the files."""
    for name in ("service_unknown", "category_unknown"):
        text = (BAD / f"{name}.yaml").read_text(encoding="utf-8")
        (folder / f"{name}.yaml").write_text(text.replace("id: bad", f"id: {name}"), "utf-8")
    (folder / "unreadable.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_facts(folder)
    assert [(p.span.file, p.code) for p in caught.value.problems] == [
        ("facts/category_unknown.yaml", "unknown-id"),
        ("facts/service_unknown.yaml", "unknown-id"),
        ("facts/unreadable.yaml", "yaml"),
    ]


def test_vocabulary_and_facts_at_once(folder):
    """A fault in a vocabulary does not hide a fault in a fact file."""
    (folder / "vocabulary" / "audiences.yaml").write_text("terms: [{id: a}]\n", encoding="utf-8")
    shutil.copy(BAD / "category_unknown.yaml", folder)
    with pytest.raises(Problems) as caught:
        read_facts(folder)
    assert {p.span.file for p in caught.value.problems} == {
        "facts/category_unknown.yaml",
        "facts/vocabulary/audiences.yaml",
    }


def test_source_twice(folder):
    """Two files can not be one source."""
    for name in ("a", "b"):
        (folder / f"{name}.yaml").write_text(source(FOOD), encoding="utf-8")
    assert told(folder) == (
        "facts/b.yaml:2:7: error[duplicate-id]: the source `bad` stands in two files\n"
        "    id: bad\n        ^^^\n"
        "  help: it stands at facts/a.yaml:2:7 already"
    )


def test_two_readings_of_one_source(folder):
    """Two readings of a category in one source are told apart by `reading`."""
    one = FOOD.replace("lines: 1-3", "reading: '1', lines: 1-3")
    (folder / "a.yaml").write_text(source(one + one.replace("'1'", "'2'")), encoding="utf-8")
    assert list(read_facts(folder).readings) == ["bad/shop-food@1", "bad/shop-food@2"]
    (folder / "a.yaml").write_text(source(one + one), encoding="utf-8")
    assert "error[duplicate-id]: `shop-food` stands twice in this source" in told(folder)


def test_stated_count(folder):
    """A choice with fewer or more parts than the source announces is a warning, not an error."""
    records = FOOD.replace(
        "none_stated: true",
        "requirement: {any_of: [{document: lease}, {document: food_licence}], stated: 3}",
    )
    (folder / "a.yaml").write_text(source(records), encoding="utf-8")
    (warning,) = read_facts(folder).warnings
    shown = records.rstrip("\n")
    at = shown.index("3}}")
    assert str(warning) == (
        f"facts/a.yaml:12:{at + 1}: warning[stated]: the source announces 3 choices, here are 2\n"
        f"  {shown}\n  {' ' * at}^\n"
        "  help: read the source again: a choice is missing or is one too many"
    )
    assert kb.load(only_facts=folder).check()[0].code == "stated"


def test_largest_requirement(folder):
    """A tree of 128 alternatives is read; one of too many is refused by its number, as
    `bad/facts/too_large.txt` tells."""
    parts = 7
    choices = ", ".join(
        f"{{any_of: [{{document: lease, must_state: [{n}]}}, "
        f"{{document: food_licence, must_state: [{n}]}}]}}"
        for n in range(parts)
    )
    records = FOOD.replace("none_stated: true", f"requirement: {{all_of: [{choices}]}}")
    (folder / "a.yaml").write_text(source(records), encoding="utf-8")
    (reading,) = read_facts(folder).readings.values()
    assert len(reading.alternatives) == 2**parts


VOCABULARY = {
    "unknown_file": (
        "service.yaml",
        "terms: []\n",
        "facts/vocabulary/service.yaml:1:1: error[unknown-file]: "
        "no vocabulary is called `service`\n"
        "  terms: []\n  ^^^^^\n  help: a similar name exists: `services`",
    ),
    "id_twice": (
        "audiences.yaml",
        "terms:\n  - {id: a, zh: 甲, en: a}\n  - {id: a, zh: 乙, en: b}\n",
        "facts/vocabulary/audiences.yaml:3:10: error[duplicate-id]: the audience `a` stands twice\n"
        "    - {id: a, zh: 乙, en: b}\n           ^\n"
        "  help: it stands at facts/vocabulary/audiences.yaml:2:10 already: give each its own id",
    ),
    "label_missing": (
        "audiences.yaml",
        "terms:\n  - {id: a, zh: 甲}\n",
        "facts/vocabulary/audiences.yaml:2:5: error[missing-key]: the key `en` is missing\n"
        "    - {id: a, zh: 甲}\n      ^^^",
    ),
    "key": (
        "audiences.yaml",
        "terms:\n  - {id: a, zh: 甲, en: a, alias: [b]}\n",
        "facts/vocabulary/audiences.yaml:2:27: error[unknown-key]: unknown key `alias`\n"
        "    - {id: a, zh: 甲, en: a, alias: [b]}\n                             ^^^^^\n"
        "  help: a similar name exists: `aliases`",
    ),
    "kind_of": (
        "audiences.yaml",
        "terms:\n  - {id: teens, zh: 甲, en: teens, kind_of: adult}\n",
        "facts/vocabulary/audiences.yaml:2:44: error[unknown-id]: no audience is called `adult`\n"
        "    - {id: teens, zh: 甲, en: teens, kind_of: adult}\n"
        "                                              ^^^^^\n  help: known: `teens`",
    ),
    "group": (
        "categories.yaml",
        "groups: [{id: shop, zh: 店, en: shop}]\n"
        "terms:\n  - {id: x, group: shops, zh: 甲, en: a}\n",
        "facts/vocabulary/categories.yaml:3:20: error[unknown-id]: no group is called `shops`\n"
        "    - {id: x, group: shops, zh: 甲, en: a}\n                     ^^^^^\n"
        "  help: a similar name exists: `shop`",
    ),
    "attribute_type": (
        "attributes.yaml",
        "terms:\n  - {id: a, type: text, zh: 甲, en: a, question: {zh: 甲?, en: a?}}\n",
        "facts/vocabulary/attributes.yaml:2:19: error[value]: `text` is not possible here\n"
        "    - {id: a, type: text, zh: 甲, en: a, question: {zh: 甲?, en: a?}}\n"
        "                    ^^^^\n"
        "  help: one of 'choice', 'choices', 'day', 'number' or 'flag'",
    ),
    "test_attribute": (
        "conditions.yaml",
        "terms:\n  - {id: c, zh: 甲, en: c, tests: [{attribute: sise, any_of: small}]}\n",
        "facts/vocabulary/conditions.yaml:2:47: error[unknown-id]: no attribute is called `sise`\n"
        "    - {id: c, zh: 甲, en: c, tests: [{attribute: sise, any_of: small}]}\n"
        "                                                 ^^^^\n"
        "  help: a similar name exists: `size`",
    ),
    "test_value": (
        "conditions.yaml",
        "terms:\n  - {id: c, zh: 甲, en: c, tests: [{attribute: size, any_of: smal}]}\n",
        "facts/vocabulary/conditions.yaml:2:61: error[unknown-id]: `size` has no value `smal`\n"
        "    - {id: c, zh: 甲, en: c, tests: [{attribute: size, any_of: smal}]}\n"
        "                                                               ^^^^\n"
        "  help: a similar name exists: `small`",
    ),
    "test_value_of_all": (
        "conditions.yaml",
        "terms:\n  - {id: c, zh: 甲, en: c, tests: [{attribute: size, all_of: smal}]}\n",
        "facts/vocabulary/conditions.yaml:2:61: error[unknown-id]: `size` has no value `smal`\n"
        "    - {id: c, zh: 甲, en: c, tests: [{attribute: size, all_of: smal}]}\n"
        "                                                               ^^^^\n"
        "  help: a similar name exists: `small`",
    ),
    "test_ways": (
        "conditions.yaml",
        "terms:\n  - {id: c, zh: 甲, en: c, tests: [{attribute: size}]}\n",
        "facts/vocabulary/conditions.yaml:2:35: error[value]: give one of `any_of`, `all_of` and "
        "`since`/`until`\n"
        "    - {id: c, zh: 甲, en: c, tests: [{attribute: size}]}\n"
        "                                     ^^^^^^^^^^",
    ),
    "test_none": (
        "conditions.yaml",
        "terms:\n  - {id: c, zh: 甲, en: c, tests: []}\n",
        "facts/vocabulary/conditions.yaml:2:5: error[value]: give `tests`, or conditions under "
        "`when`, `any_of` or `unless`\n    - {id: c, zh: 甲, en: c, tests: []}\n      ^^^",
    ),
    "empty": (
        "audiences.yaml",
        "",
        "facts/vocabulary/audiences.yaml: error[empty]: the file is empty",
    ),
}


@pytest.mark.parametrize("name", VOCABULARY)
def test_vocabulary(name, folder):
    """Each kind of bad vocabulary is refused, word for word."""
    file, text, message = VOCABULARY[name]
    (folder / "vocabulary" / file).write_text(text, encoding="utf-8")
    assert told(folder) == message


@pytest.mark.parametrize("test", ["since: soon", "since: 2019-13-01", "until: '2019'"])
def test_days_of_conditions(folder, test):
    """A condition's day that is no date is refused in its place, before any rule compares it."""
    text = f"terms:\n  - {{id: c, zh: 甲, en: c, tests: [{{attribute: opened, {test}}}]}}\n"
    (folder / "vocabulary" / "conditions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_facts(folder)
    (problem,) = caught.value.problems
    assert (problem.span.file, problem.span.line) == ("facts/vocabulary/conditions.yaml", 2)


def test_vocabulary_of_an_attribute(folder):
    """An attribute's vocabulary is one that there is."""
    (folder / "vocabulary" / "attributes.yaml").write_text(
        "terms:\n  - {id: a, type: choice, vocabulary: servise, zh: 甲, en: a, "
        "question: {zh: 甲?, en: a?}}\n",
        encoding="utf-8",
    )
    (folder / "vocabulary" / "conditions.yaml").unlink()
    assert "`servise`" in told(folder)


def test_good_folder():
    """A good folder has no problems and no warnings; its readings know their lines."""
    base = read_facts(BAD / "base")
    assert base.warnings == []
    assert list(base.readings) == ["town-2024/shop-food", "town-2024/shop-books"]
    food, books = base.readings.values()
    assert [sorted(n.document for n in a.needs) for a in food.alternatives] == [
        ["food_licence", "lease"],
        ["fire_certificate", "food_licence"],
    ]
    assert books.record.none_stated
    assert str(food.cite) == "town-2024 1-6"
    assert str(
        base.rows.cites["scope", ("town-2024/shop-food^1", "town-2024/shop-food", "bakery")]
    ) == ("town-2024 1")


def test_category_names():
    """A category is known by its full name, its former group's name, its own label and its id."""
    names = read_facts(BAD / "base").names
    for name in ("shop-food", "商店-食品", "店铺-食品", "食品", "Shops - food"):
        term = names.find("category", name)
        assert term is not None
        assert term.id == "shop-food"


def test_shipped_facts(base):
    """The shipped facts load, and nothing is wrong with them."""
    assert base.facts.readings
    assert [str(p) for p in base.check() if p.severity == "error"] == []


def test_shipped_lines(base):
    """Every row that a shipped source states cites lines of that source; only what is said of the
    source as a whole may cite it as a whole."""
    for (_, row), cite in base.facts.rows.cites.items():
        if cite.source != "kb":
            assert cite.lines or row[0] == cite.source
            assert all(
                1 <= line <= base.facts.sources[cite.source].line_count for line in cite.lines
            )
