"""CSV that a spreadsheet opens as text: no cell of it is a formula, whatever strangers wrote."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response

# What makes a spreadsheet calculate; the full-width forms are read as the plain ones.
_CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Answer with a file to keep, written as it is made; ``name`` is its name, and safe."""
    answer = Response(_lines(header, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    # Without the mark, Excel takes UTF-8 for the code page of its country.
    line.write("\ufeff")
    writer.writerow(header)
    for row in rows:
        writer.writerow([csv_cell(value) for value in row])
        if line.tell() > 64 * 1024:
            yield line.getvalue()
            line.seek(0)
            line.truncate()
    yield line.getvalue()


def csv_cell(value: object) -> str:
    """Write a value so that it stays text; None is an empty cell."""
    if value is None:
        return ""
    text = str(value).replace("\0", "")
    return f"'{text}" if text.startswith(_CALCULATED) else text
