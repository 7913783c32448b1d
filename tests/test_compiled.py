"""Compiled facts say what the YAML says, and give way to it where they can not be trusted."""

import shutil
from pathlib import Path

import pytest

from kb.model.compiled import key_of, read_compiled, write_compiled
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
    before = key_of(folder)
    write_compiled(read_facts(folder), tmp_path)
    name = next(folder.glob("*.yaml"))
    name.write_text(name.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert key_of(folder) != before
    assert read_compiled(folder, cache=tmp_path) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"key": 1}', b"\xff\xfe"])
def test_a_damaged_file_is_ignored(damage, tmp_path):
    """Whatever stands in its place, a file that is not what was written is not used."""
    write_compiled(read_facts(SMALL), tmp_path)
    next(tmp_path.glob("facts-*.json")).write_bytes(damage)
    assert read_compiled(SMALL, cache=tmp_path) is None


def test_nothing_is_kept_where_nothing_can_be_written(tmp_path):
    """Facts are read all the same where the folder for compiled ones is a file."""
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    write_compiled(read_facts(SMALL), blocked)
    assert read_compiled(SMALL, cache=blocked) is None
