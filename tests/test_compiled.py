"""Compiled facts say what the YAML says, and give way to it where they can not be trusted."""

import shutil
from pathlib import Path

import pytest

from kb.model import compiled
from kb.model.compiled import read_compiled, write_compiled
from kb.model.content import content_of
from kb.model.facts import read_facts
from kb.model.places import shipped

SMALL = Path(__file__).parent / "cases" / "facts-small"


@pytest.mark.parametrize("folder", [SMALL, shipped("facts")], ids=["small", "shipped"])
def test_what_is_compiled_is_what_was_read(folder, tmp_path):
    """Rows with their lines, terms, records, alternatives and passages are the same."""
    read = read_facts(folder)
    write_compiled(read, tmp_path)
    made = read_compiled(folder, cache=tmp_path)
    assert made is not None
    assert made.rows == read.rows
    assert made.names.terms == read.names.terms
    assert list(made.readings) == list(read.readings)
    assert all(made.readings[id] == reading for id, reading in read.readings.items())
    assert made.unclear == read.unclear
    assert made.sources == read.sources
    for one, other in ((made.vocabulary, read.vocabulary),):
        assert one.attributes == other.attributes
        assert one.conditions == other.conditions
        assert (one.wider, one.overlaps, one.seats) == (other.wider, other.overlaps, other.seats)
        assert one.words == {service: tuple(words) for service, words in other.words.items()}
    for id, file in read.files.items():
        assert made.files[id] == file.model_copy(update={"categories": ()})


def test_a_changed_folder_is_another(tmp_path):
    """A file that differs by one byte, or bears another name, is not what was compiled."""
    folder = tmp_path / "facts"
    shutil.copytree(SMALL, folder)
    before = content_of(folder)
    write_compiled(read_facts(folder), tmp_path)
    name = next(folder.glob("*.yaml"))
    name.write_text(name.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert content_of(folder) != before
    assert read_compiled(folder, cache=tmp_path) is None


DAMAGES = {
    "emptied": lambda whole: b"",
    "cut": lambda whole: whole[: len(whole) // 2],
    "without a head": lambda whole: whole.partition(b"\n")[2],
    "other data": lambda whole: whole.partition(b"\n")[0] + b"\n[]\n",
    "no text": lambda whole: b"\xff\xfe",
    "one digit changed": lambda whole: whole.replace(b'"in_force"', b'"in_forge"', 1),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_ignored(damage, tmp_path):
    """Whatever stands in its place, a file that is not what was written is not used, also where
    it is JSON of the right shape."""
    write_compiled(read_facts(SMALL), tmp_path)
    [kept] = tmp_path.glob("facts-*.json")
    assert damage(kept.read_bytes()) != kept.read_bytes()
    assert read_compiled(SMALL, cache=tmp_path) is not None
    kept.write_bytes(damage(kept.read_bytes()))
    assert read_compiled(SMALL, cache=tmp_path) is None


def test_what_was_compiled_ahead_is_read_by_content(monkeypatch, tmp_path):
    """Facts that were compiled when the package was built serve the folder that they were made of,
    wherever it lies, and no other: not one of another name, by which its places are told."""
    moved = tmp_path / "elsewhere" / SMALL.name
    shutil.copytree(SMALL, moved)
    ahead = tmp_path / "ahead.json"
    compiled.write_to(read_facts(SMALL), ahead)
    monkeypatch.setattr(compiled, "AHEAD", ahead)
    made = read_compiled(moved, cache=tmp_path / "none")
    assert made is not None
    assert (made.folder, made.content) == (moved, content_of(SMALL))
    assert made.places == read_facts(moved).places
    renamed = shutil.copytree(SMALL, tmp_path / "renamed")
    assert read_compiled(renamed, cache=tmp_path / "none") is None
    (moved / "more.yaml").write_text("source: {}\n", encoding="utf-8")
    assert read_compiled(moved, cache=tmp_path / "none") is None


def test_nothing_is_kept_where_nothing_can_be_written(tmp_path):
    """Facts are read all the same where the folder for compiled ones is a file."""
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    write_compiled(read_facts(SMALL), blocked)
    assert read_compiled(SMALL, cache=blocked) is None
