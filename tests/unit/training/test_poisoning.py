"""Somebody got hold of a moderator's account: what they can do to the model, for real."""

from __future__ import annotations

import json
from functools import partial

import pytest
from saved_lines import corpus_lines, scored

from training.build import build_material
from training.corpus import read_corpus
from training.doubts import Ordinary, contradicted, doubt_labels
from training.evaluate import score_pages
from training.fit import Recipe
from training.folds import TooLittleToLearn
from training.gate import GateClosed, figures
from training.guard import Guard, hold_guard, read_guard
from training.metrics import summarize
from training.progress import silent
from training.train import train_artifact

QUICK = Recipe(mining_rounds=0, inner_folds=2)
train_quickly = partial(train_artifact, recipe=QUICK, because=None, progress=silent)


def relabelled(lines, people, turn):
    """Have people give the lines' labels, turned around where ``turn`` says so of the bait."""
    for number, written in enumerate(lines):
        page = json.loads(written)
        if page["label"] == "bait":
            label = "ok" if turn else "bait"
            for by in people:
                about = {"label": label, "labelled_by": by, "group": f"of {number}"}
                yield json.dumps({**page, **about, "id": f"{by}-{number}"}).encode() + b"\n"


def renamed(lines, prefix):
    for written in lines:
        page = json.loads(written)
        group = f"{prefix} {page['group']}"
        yield json.dumps({**page, "id": f"{prefix}-{page['id']}", "group": group}).encode() + b"\n"


OWN = list(renamed(corpus_lines(480, seed=3), "own"))
GUARD = list(renamed(corpus_lines(150, seed=77), "guard"))
OTHERS = list(corpus_lines(600, seed=5))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("poison")


@pytest.fixture(scope="module")
def guard(folder):
    path = folder / "guard.jsonl"
    path.write_bytes(b"".join(GUARD))
    pages = read_corpus([path], drop_duplicates=False).pages
    return Guard(pages, "0" * 64)


def material(folder, name, *lines, guard=None, trusted=()):
    path = folder / f"{name}.jsonl"
    path.write_bytes(b"".join(lines))
    apart = guard.pages if guard else ()
    return build_material(
        [path], generated=0, seed=0, progress=silent, trusted=trusted, apart=apart
    )


def found_by(artifact, guard):
    return figures(summarize(list(score_pages(guard.pages, artifact))))


@pytest.fixture(scope="module")
def clean(folder, guard):
    """The model without any moderator, and what it reaches on the guard set."""
    made = material(folder, "clean", *OWN, guard=guard)
    artifact, _ = train_quickly(made, folder=folder / "clean", version="clean")
    return artifact, found_by(artifact, guard)


@pytest.fixture(scope="module")
def flood():
    return list(relabelled(OTHERS, ["eve"], turn=True))


@pytest.fixture(scope="module")
def believed(folder, guard, flood):
    """The model of an operator who trusts whoever has the account."""
    made = material(folder, "believed", *OWN, *flood, guard=guard, trusted=("eve",))
    artifact, _ = train_quickly(made, folder=folder / "believed", version="ruined")
    return made, artifact, found_by(artifact, guard)


def test_the_flood_would_ruin_a_model_that_believes_it(folder, guard, clean, believed):
    made, artifact, ruined = believed
    assert ruined["pr_auc"] < clean[1]["pr_auc"] - 0.05
    held = Guard(guard.pages, guard.sha256, before=clean[1])
    with pytest.raises(GateClosed, match=r"does not hold the guard set: .*pr_auc is"):
        hold_guard(held, list(score_pages(guard.pages, artifact)))
    with pytest.raises(GateClosed, match="guard set"):
        train_quickly(made, folder=folder / "refused", version="x", guard=held)
    assert not (folder / "refused" / "model.joblib").exists()


def test_a_flood_of_turned_labels_moves_a_guarded_model_far_less(
    folder, guard, clean, believed, flood
):
    flooded = material(folder, "flooded", *OWN, *flood, guard=guard)
    theirs = [e for e in flooded.real if e.source.labelled_by]
    assert len(theirs) > 50
    left, reviews = doubt_labels(flooded, QUICK, silent)
    kept = [e for e in left.real if e.source.labelled_by]
    # Only what the operator's own pages teach surely is contradicted: a part, and enough of it.
    assert len(kept) < len(theirs) * 0.85
    assert {review.by for review in reviews} == {("eve",)}
    artifact, _ = train_quickly(left, folder=folder / "flooded", version="f", guard=guard)
    after = found_by(artifact, guard)
    lost = clean[1]["pr_auc"] - after["pr_auc"]
    assert lost < 0.6 * (clean[1]["pr_auc"] - believed[2]["pr_auc"])
    one_page = 1 / sum(page.label == "ok" for page in guard.pages)
    assert after["false_flag"] <= clean[1]["false_flag"] + 2.5 * one_page
    manifest = artifact.manifest
    assert manifest["guard"]["figures"] == after
    assert manifest["moderators"] == {
        "pages": {"eve": len(kept)},
        "contradicted": len(theirs) - len(kept),
    }
    assert left.dropped["contradicted by a model that saw no moderator's label"] > 0


def test_true_labels_are_learnt_from(folder, guard):
    true = list(relabelled(OTHERS[:60], ["ada"], turn=False))
    made = material(folder, "true", *OWN, *true, guard=guard)
    theirs = [e for e in made.real if e.source.labelled_by]
    left, _ = doubt_labels(made, QUICK, silent)
    kept = [e for e in left.real if e.source.labelled_by]
    assert len(kept) > len(theirs) * 0.8


def test_without_moderators_nothing_is_doubted_and_no_guard_is_needed(folder):
    made = material(folder, "own", *OWN)
    assert doubt_labels(made, QUICK, silent) == (made, ())


def test_moderators_labels_without_a_guard_set_close_the_gate(folder, flood):
    made = material(folder, "unguarded", *OWN, *flood)
    with pytest.raises(GateClosed, match="--guard"):
        train_quickly(made, folder=folder / "unguarded", version="x")


def test_pages_that_teach_nothing_alone_are_no_measure_of_labels(folder):
    people = ["ada", "bob", "eve", "mal"]
    bait = list(relabelled(OTHERS[:90], people, turn=False))
    honest = [written for written in OWN if json.loads(written)["label"] == "ok"]
    one = next(written for written in OWN if json.loads(written)["label"] == "bait")
    made = material(folder, "alone", *honest, one, *bait)
    assert any(e.source.labelled_by for e in made.real)
    with pytest.raises(TooLittleToLearn, match="bait pages of one group only"):
        doubt_labels(made, QUICK, silent)


ORDINARY = Ordinary(suspicious=0.9, typical=0.1)


@pytest.mark.parametrize(
    ("label", "score", "people", "doubted", "used"),
    [
        ("ok", 0.95, ("eve",), True, False),
        ("ok", 0.9, ("eve",), True, False),
        ("ok", 0.89, ("eve",), False, True),
        ("ok", 0.95, ("ada", "eve"), True, True),
        ("bait", 0.05, ("eve",), True, False),
        ("bait", 0.1, ("eve",), True, False),
        ("bait", 0.11, ("eve",), False, True),
        ("bait", 0.05, ("ada", "eve"), True, True),
        ("bait", 0.95, ("eve",), False, True),
    ],
)
def test_one_person_alone_does_not_overrule_the_model_two_do(label, score, people, doubted, used):
    page = scored(label, score, id="d", labelled_by=people, url="https://a.example/")
    (review,) = contradicted([page], ORDINARY)
    assert (review is not None) is doubted
    if review is not None:
        assert (review.id, review.url, review.by) == ("d", "https://a.example/", people)
        assert review.used is used


def test_thresholds_are_fixed_on_honest_pages_of_the_operator_alone(folder, guard):
    """Pages called honest that score high would push the cuts up, past all bait."""
    pushing = list(relabelled(OTHERS, ["ada", "eve"], turn=True))
    made = material(folder, "pushing", *OWN, *pushing, guard=guard)
    assert sum(bool(e.source.labelled_by) for e in made.real) > 50
    artifact, summary = train_quickly(
        made, folder=folder / "pushing", version="p", guard=Guard(guard.pages, "0" * 64)
    )
    own = sum(not e.source.labelled_by for e in made.real)
    assert sum(summary["pages"].values()) == own
    assert summary["verdicts"]["false_flag"]["rate"] <= 0.01
    assert artifact.thresholds.suspicious <= artifact.thresholds.bait


def test_a_guard_set_knows_what_the_model_in_use_reaches_on_it(folder, guard, clean):
    set_apart = read_guard([folder / "guard.jsonl"], folder / "clean", silent)
    assert set_apart.before == clean[1]
    assert set_apart.floors == {}
    assert len(set_apart.sha256) == 64
    nothing_in_use = read_guard([folder / "guard.jsonl"], folder, silent)
    assert nothing_in_use.before == {}


def test_a_floor_that_is_pinned_on_the_guard_set_must_hold(guard, clean):
    artifact, found = clean
    judged = list(score_pages(guard.pages, artifact))
    pinned = Guard(guard.pages, "0" * 64, floors={"bait_found": found["bait_found"] + 0.01})
    with pytest.raises(GateClosed, match="its floor is"):
        hold_guard(pinned, judged)
    held = Guard(guard.pages, "0" * 64, floors={"bait_found": found["bait_found"]})
    assert hold_guard(held, judged)["pages"] == len(guard.pages)
