from __future__ import annotations

import pytest
from report_samples import QUICK, small_study
from saved_lines import source

from model.page import Page
from training.attacks import ATTACKS
from training.experiments.remade import (
    attack_table,
    judge_copies,
    judge_triples,
    pooled_triples,
)
from training.fit import fit
from training.metrics import rate
from training.progress import silent


@pytest.fixture(scope="module")
def fitted():
    return fit(small_study().real, QUICK, silent)


def test_every_attack_that_applies_has_a_verdict(fitted):
    page = next(p for p in small_study().pages if p.label == "bait" and p.document.markup)
    text = Page.from_text("Words without a link.")
    (of_page, of_text) = judge_copies(
        [(source("bait"), page.saved.page), (source("bait"), text)], fitted, seed=0
    )
    assert set(of_text) < set(ATTACKS)
    assert "shortened links" not in of_text
    assert {"look-alike letters", "changed case"} <= set(of_text)
    assert set(of_page.values()) | set(of_text.values()) <= {"bait", "suspicious", "clean"}


def test_a_copy_with_nothing_left_to_read_is_unknown(fitted):
    hidden = Page.from_html('<p style="display: none">Watch it now, free of charge.</p>')
    (copies,) = judge_copies([(source("bait"), hidden)], fitted, seed=0)
    assert copies["changed case"] == "unknown"


def test_the_table_compares_copies_with_their_own_pages():
    judged = [
        ("bait", {"changed case": "bait", "leetspeak": "clean"}),
        ("bait", {"changed case": "bait"}),
    ]
    table = attack_table(judged)
    assert table["changed case"]["pages"] == 2
    assert table["changed case"]["bait"]["kept"] == 1
    assert table["leetspeak"]["bait"]["kept"] == 0
    assert table["leetspeak"]["says"] == ATTACKS["leetspeak"].description


def test_endings_are_laid_into_honest_articles_alone(fitted):
    found = judge_triples(small_study().pages, fitted, seed=0)
    assert found["triples"] > 0
    assert set(found["by"]["language"]) == {"en"}
    bait = [page for page in small_study().pages if page.label == "bait"]
    assert judge_triples(bait, fitted, seed=0)["triples"] == 0


def test_triples_of_several_trainings_are_added_up():
    def fold(right, of, lang):
        rates = {"wholly_right": rate(right, of)}
        return {"triples": of, "all": rates, "by": {"language": {lang: rates}}}

    found = pooled_triples([fold(3, 4, "en"), fold(1, 3, "en"), fold(0, 2, "de")])
    assert found["triples"] == 9
    assert found["all"]["wholly_right"] == rate(4, 9)
    assert found["by"]["language"]["en"]["wholly_right"] == rate(4, 7)
    assert found["by"]["language"]["de"]["wholly_right"] == rate(0, 2)
