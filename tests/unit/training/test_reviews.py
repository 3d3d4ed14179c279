from __future__ import annotations

import csv

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.moderation import Review
from training.reviews import tell_reviews, write_reviews

REVIEW = Review("decision-7", "https://a.example/", "ok", ("eve",), "moderators disagree", False)


def test_labels_to_review_are_counted_and_listed(tmp_path, capsys):
    path = tmp_path / "review.csv"
    tell_reviews([REVIEW, Review("d", "", "bait", ("a", "b"), "doubted", True)], path)
    assert "2 moderators' labels to review, 1 of them left out\n" in capsys.readouterr().err
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == {
        "id": "decision-7",
        "url": "https://a.example/",
        "label": "ok",
        "by": "eve",
        "why": "moderators disagree",
        "used": "no",
    }
    assert (rows[1]["by"], rows[1]["used"]) == ("a, b", "yes")


def test_without_a_file_it_is_said_how_to_have_the_list(capsys):
    tell_reviews([REVIEW], None)
    assert "--review" in capsys.readouterr().err
    tell_reviews([], None)
    assert capsys.readouterr().err == ""


def test_an_empty_list_is_a_file_with_its_heading(tmp_path):
    tell_reviews([], tmp_path / "review.csv")
    assert (tmp_path / "review.csv").read_text() == "id,url,label,by,why,used\n"


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(click.ClickException, match="cannot be written"):
        tell_reviews([REVIEW], tmp_path / "no" / "review.csv")


@given(st.text())
def test_no_cell_is_a_formula_or_commands_a_terminal(text):
    rows = []
    write_reviews([Review(text, text, "ok", (text,), "why", False)], rows.append)
    for cell in rows[1]:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert cell.isprintable() or " " in cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1"]
)
def test_a_formula_is_shown_as_text(text):
    rows = []
    write_reviews([Review(text, "", "ok", (), "why", False)], rows.append)
    assert rows[1][0].startswith("'")
