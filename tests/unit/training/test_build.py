from __future__ import annotations

import hashlib

import pytest
from saved_lines import corpus_lines, line, prose

from training.build import build_material
from training.corpus import NoCorpus
from training.folds import TooLittleToLearn


def written(folder, *lines):
    (folder / "pages.jsonl").write_bytes(b"".join(lines))
    return [folder]


def build(folders, *, generated=0, seed=0, progress=lambda step: None):
    return build_material(folders, generated=generated, seed=seed, progress=progress)


def sources(examples):
    return [example.source for example in examples]


def test_material_is_the_corpus_and_what_is_generated_beside_it(tmp_path):
    lines = list(corpus_lines(24))
    told = []
    material = build(written(tmp_path, *lines), generated=10, progress=told.append)
    assert all(source.real for source in sources(material.real))
    assert not any(source.real for source in sources(material.generated))
    assert len(material.generated) == 10
    assert material.examples == [*material.real, *material.generated, *material.copies]
    assert "reading pages closely" in {step.partition(":")[0] for step in told}
    assert "generating pages: 10 of 10" in told


def test_the_facts_say_what_was_learnt_from(tmp_path):
    lines = [
        line("a", prose(1), "bait", group="x", lang="en"),
        line("b", prose(2), "bait", group="y", lang="de"),
        line("c", prose(3), group="s", lang="de"),
        line("d", prose(4), group="t"),
        line("e", prose(5), group="t"),
        line("f", prose(5), group="t"),
        b"broken\n",
    ]
    material = build(written(tmp_path, *lines), generated=8, seed=3)
    assert material.facts["seed"] == 3
    assert material.facts["data"] == {
        "files": {"pages.jsonl": hashlib.sha256(b"".join(lines)).hexdigest()},
        "dropped": {"unreadable": 1, "same text": 1},
        "bait": 2,
        "ok": 3,
        "campaigns": 2,
        "sites": 2,
        "languages": 2,
    }
    generated = material.facts["generated"]
    assert generated["bait"] + generated["ok"] == 8
    assert material.dropped == {"unreadable": 1, "same text": 1}
    assert [entry.split(": ")[0] for entry in material.unread] == [f"{tmp_path}/pages.jsonl:7"]


def test_generated_pages_have_a_digest_that_their_seed_decides(tmp_path):
    folders = written(tmp_path, *corpus_lines(12))
    digests = [
        build(folders, generated=6, seed=seed).facts["generated"]["sha256"] for seed in (0, 0, 1)
    ]
    assert digests[0] == digests[1] != digests[2]


BAIT = [line(f"b{n}", prose(n), "bait", group=f"campaign {n}") for n in range(3)]
HONEST = [line(f"h{n}", prose(50 + n), group=f"site {n}") for n in range(3)]
ONE_GROUP = [
    line(f"o{n}", prose(90 + n), label, group="g") for n, label in enumerate(["ok", "bait"])
]


@pytest.mark.parametrize(
    ("lines", "error", "said"),
    [
        ([], NoCorpus, "they are empty"),
        (HONEST, TooLittleToLearn, "no bait page"),
        (BAIT, TooLittleToLearn, "no honest page"),
        (ONE_GROUP, TooLittleToLearn, "of one group only"),
        ([*BAIT, HONEST[0]], TooLittleToLearn, "honest pages of one group only"),
        ([*HONEST, BAIT[0]], TooLittleToLearn, "bait pages of one group only"),
    ],
)
@pytest.mark.parametrize("generated", [0, 10])
def test_a_corpus_that_cannot_teach_is_refused_before_anything_is_made(
    tmp_path, lines, error, said, generated
):
    told = []
    with pytest.raises(error, match=said):
        build(written(tmp_path, *lines), generated=generated, progress=told.append)
    assert not any("closely" in step for step in told)
