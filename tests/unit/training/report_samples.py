"""What tests of reports are made of: a small study, and a report whose figures were made up."""

from __future__ import annotations

from functools import cache

from saved_lines import corpus_lines, line, prose, scored

from model.document import parse_document
from model.saved import parse_saved_line
from training.augment import from_generated
from training.build import Material
from training.corpus import LabelledPage
from training.examples import from_corpus
from training.experiments.assemble import held_out_figures
from training.experiments.study import Study, figures_of
from training.fit import Recipe
from training.metrics import rate, summarize
from training.synthesis import generate
from training.trials import summarize_triples

QUICK = Recipe(mining_rounds=0, inner_folds=2)


def labelled(raw):
    saved = parse_saved_line(raw)
    return LabelledPage(saved, parse_document(saved.page))


@cache
def small_study():
    """About twenty families as a corpus, each a campaign or a site, and as many generated."""
    pages = [labelled(raw) for raw in corpus_lines(72)]
    real = tuple(from_corpus(page) for page in pages)
    generated = generate([], count=300, seed=8, languages=("en", "de"))
    examples = tuple(from_generated(page) for page in generated)
    return Study(pages, Material(real, examples, {}), QUICK)


def record(label, score, verdict, *, explained=(), copies=None, **more):
    """Make up what is kept of a held-out page."""
    known = dict.fromkeys(("id", "group", "lang", "lure", "kind", "pair", "origin"), "x")
    source = {**known, "label": label, **more}
    made = {"source": source, "form": "markup", "score": score, "verdict": verdict}
    if explained:
        made |= {"title": explained[0], "reasons": list(explained[1:])}
    return made if copies is None else made | {"copies": copies}


PLAIN = "plain words"


def sample_report(words=PLAIN, *, experiments=None):
    """Make up a report in which every word that pages could bring is ``words``."""
    return {**_reworded(_made_up(), words), "experiments": experiments or {}}


def _reworded(value, words):
    """Put other words into all values and names of a report."""
    if isinstance(value, dict):
        return {_reworded(k, words): _reworded(v, words) for k, v in value.items()}
    if isinstance(value, list):
        return [_reworded(v, words) for v in value]
    return value.replace(PLAIN, words) if isinstance(value, str) else value


@cache
def _made_up():
    words = PLAIN
    named = dict.fromkeys(("id", "group", "lang", "lure", "kind", "pair", "origin"), words)
    pages = [
        record("bait", 0.2, "clean", explained=(words, words), **named),
        record("bait", 0.97, "bait", copies={"changed case": "clean"}, group="c"),
        *(record("ok", n / 40, "clean", **{**named, "group": f"{words}{n}"}) for n in range(24)),
        record("ok", 0.9, "suspicious", explained=(words, words), group="s"),
    ]
    fold = {"thresholds": {"bait": 0.95, "suspicious": 0.5}, "pages": pages}
    folds = [{**fold, "trials": summarize_triples([], [])}]
    alone = figures_of([scored("bait", 0.8), scored("ok", 0.3)])
    data = {"files": {"a.jsonl": "ab"}, "campaigns": 2, "sites": 25, "languages": 3}
    return {
        "format": 1,
        "facts": {
            "seed": 0,
            "data": {**data, "dropped": {}, "bait": 2, "ok": 25},
            "generated": {"bait": 4, "ok": 6, "languages": 2, "sha256": "cd"},
            "left_out": {"same text": 3},
            "unread": [],
        },
        "held_out": held_out_figures(folds, seed=0),
        "origin": {
            "traces": ["bytes", "form"],
            "bait_by_traces": alone,
            "bait_by_language": alone,
            "collections": {"of": 1},
        },
    }


def sample_experiments():
    """Make up one row of each shape that experiments have."""
    row = figures_of([scored("bait", 0.8), scored("ok", 0.3)])
    nothing = {"learnt": False, "because": "Nothing <b>was</b> learnt."}
    return {
        "shuffle": {"deal 1": nothing, "deal 2": row},
        "curve": {
            "a quarter of the campaigns": {"campaigns": 2, **row},
            "all of the campaigns": {"campaigns": 9, **row, "false_flag": rate(1, 7)},
        },
        "templates": {
            "templates known": {**row, "by_template": {"story": rate(3, 4)}},
            "without part 1 of the templates": {**row, "by_template": {"story": rate(1, 4)}},
        },
    }


def sample_judged(model="0" * 64):
    pages = [scored("bait", 0.9, "bait", pair="p"), scored("ok", 0.1, "clean", pair="p")]
    return {"model": model, "pages": "ef", "summary": summarize(pages) | {"left_out": {}}}


def sample_manifest():
    facts = sample_report()["facts"]
    return {
        "version": "0.9.9",
        "sha256": "0" * 64,
        "bytes": 3_210_000,
        "features": {"names": ["a", "b"]},
        "thresholds": {"bait": 0.91, "suspicious": 0.42},
        "seed": 0,
        "data": facts["data"],
        "generated": facts["generated"],
    }


def written_page(number, label, *, markup, group):
    """Write a page of words that say nothing, in one form."""
    words = prose(number, 80)
    content = {"html": f"<p>{words}</p>", "text": None} if markup else {"text": words}
    return labelled(line(f"p{number}", label=label, group=group, **{"text": None, **content}))
