"""CSV that goes out: a spreadsheet reads back what was written, and calculates nothing."""

import csv
import io

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from service.desk.csv_out import csv_answer, csv_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1", '=HYPERLINK("http://a","b")'],
)
def test_nothing_that_a_spreadsheet_would_calculate_is_written_bare(text):
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [("a=1", "a=1"), (None, ""), (7, "7"), ("https://a.example/", "https://a.example/"), ("", "")],
)
def test_what_is_no_formula_stays_as_it_is(value, cell):
    assert csv_cell(value) == cell


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=20))
def test_a_file_reads_back_cell_by_cell(rows):
    with Flask(__name__).test_request_context():
        text = csv_answer("x.csv", ("one", "two"), rows).get_data().decode("utf-8-sig")
    header, *read = csv.reader(io.StringIO(text, newline=""))
    assert header == ["one", "two"]
    assert read == [[csv_cell(cell) for cell in row] for row in rows]
