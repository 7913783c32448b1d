"""Names as numbers and back."""

import pytest

from kb.engines.interning import Interner
from kb.lang.syntax import Column, Relation

NAMED = Relation("p", (Column("x", "thing"), Column("n", "number")), "fact")


def test_rows_come_back_as_they_went_in():
    """Decoding undoes encoding, with names that look like numbers or hold anything."""
    rows = {("驾照", 3), ("3", 3), ("", -1), ("\x00", 2**53)}
    names = Interner()
    assert names.decode(NAMED, names.encode(NAMED, rows)) == rows


def test_forgetting_keeps_what_was_settled():
    """`forget` drops the names that came after `settle`, and gives their numbers out again."""
    names = Interner()
    kept = names.number("a")
    names.settle()
    gone = names.number("b")
    names.forget()
    assert names.number("a") == kept
    assert names.number("c") == gone


@pytest.mark.parametrize("value", [True, False, 1.5, None, b"a", 1])
def test_a_column_of_names_takes_names_only(value):
    """Nothing but a string goes into a column of names."""
    with pytest.raises(TypeError, match="does not fit its column"):
        Interner().encode(NAMED, [(value, 1)])


@pytest.mark.parametrize("value", [True, 1.0, None, "1"])
def test_a_column_of_numbers_takes_whole_numbers_only(value):
    """Nothing but a whole number goes into a column of numbers; `True` is none."""
    with pytest.raises(TypeError, match="does not fit its column"):
        Interner().encode(NAMED, [("a", value)])


@pytest.mark.parametrize("row", [("a",), ("a", 1, 2), ()])
def test_a_row_has_as_many_values_as_columns(row):
    """A row too short or too long is refused, not cut."""
    with pytest.raises(ValueError, match=r"zip\(\)"):
        Interner().encode(NAMED, [row])
