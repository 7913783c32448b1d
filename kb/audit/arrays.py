"""Columns for DuckDB, made without pandas.

pyarrow looks for pandas as soon as it makes an array of Python's or numpy's values, and to load it
takes longer than to judge some hundred apps. So arrays are put together here of their buffers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

MANY = 20_000
"""Texts from which on pyarrow makes an array so much faster that pandas may be loaded."""
TYPES = {"int32": pa.int32(), "int64": pa.int64()}


def numbers(values: NDArray[Any], unsaid: NDArray[Any] | None = None) -> pa.Array:
    """An array of whole numbers, or of true and false; null where it is `unsaid`.

    >>> numbers(np.array([1, 2, 3]), np.array([False, True, False])).to_pylist()
    [1, None, 3]
    >>> numbers(np.array([True, False])).to_pylist()
    [True, False]
    """
    known = None if unsaid is None or not unsaid.any() else _bits(~unsaid)
    if values.dtype == np.bool_:
        return pa.Array.from_buffers(pa.bool_(), len(values), [known, _bits(values)])
    held = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(TYPES[values.dtype.name], len(values), [known, held])


def texts(values: Sequence[str | None]) -> pa.Array:
    """An array of texts, some of which may be null.

    >>> texts(["驾校", None, ""]).to_pylist()
    ['驾校', None, '']
    """
    if len(values) > MANY:
        return pa.array(values, pa.string())
    encoded = [(text or "").encode() for text in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    unsaid = np.array([text is None for text in values], dtype=np.bool_)
    known = _bits(~unsaid) if unsaid.any() else None
    held = [known, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(values), held)


def column(values: Sequence[Any]) -> pa.Array:
    """An array of Python's values of one kind: whole numbers, truths, texts or lists of texts, some
    of the first three null.

    >>> column([3, None]).to_pylist(), column([["a"], []]).to_pylist()
    ([3, None], [['a'], []])
    """
    first = next((value for value in values if value is not None), 0)
    if isinstance(first, str):
        return texts(values)
    if isinstance(first, list):
        ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
        every = [text for each in values for text in each]
        return pa.ListArray.from_arrays(numbers(ends), texts(every))
    unsaid = np.array([value is None for value in values], dtype=np.bool_)
    kind = np.bool_ if isinstance(first, bool) else np.int64
    return numbers(np.array([value or 0 for value in values], dtype=kind), unsaid)


def _bits(values: NDArray[Any]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))


def numpy(array: pa.Array) -> NDArray[Any]:
    """What an array of whole numbers, or of true and false, holds.

    >>> numpy(numbers(np.array([4, 5, 6])).slice(1)).tolist()
    [5, 6]
    >>> numpy(numbers(np.array([True, False, True])).slice(1)).tolist()
    [False, True]
    """
    if array.null_count:
        found: NDArray[Any] = array.to_numpy(zero_copy_only=False)
        return found
    if not len(array):
        return np.empty(0, array.type.to_pandas_dtype())
    held, start, end = array.buffers()[1], array.offset, array.offset + len(array)
    if pa.types.is_boolean(array.type):
        bits = np.unpackbits(np.frombuffer(held, np.uint8), count=end, bitorder="little")
        return bits[start:].astype(np.bool_)
    return np.frombuffer(held, array.type.to_pandas_dtype(), end)[start:]
