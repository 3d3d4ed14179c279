"""What held-out pages are made into: attacked copies of bait, endings laid into honest articles.

All are scored by the training that never saw the campaign or the site.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from joblib import Parallel, delayed

from model.document import parse_document
from model.page import Page
from model.verdict import VerdictName
from training.attacks import ATTACKS, PageVerdicts, attack, attacked_recall
from training.augment import articles_of
from training.corpus import LabelledPage
from training.evaluate import score_examples
from training.examples import Example, Source, from_corpus, in_parallel, make_example
from training.experiments.study import Outcome
from training.experiments.variants import part_of
from training.fit import Fitted
from training.metrics import Rate, rate
from training.trials import labelled_pages, read_endings, summarize_triples, trial_pages

Verdicts = dict[str, VerdictName]

ARTICLES = 25  # of a language and fold that endings are laid into, so that none outweighs the rest


def judge_copies(
    bait: Sequence[tuple[Source, Page]], fitted: Fitted, seed: int, jobs: int = 2
) -> list[Verdicts]:
    """Return the verdict of every attacked copy by the attack's name, for each page in order.

    A copy with nothing left to read is ``unknown``, as the service would have it; an attack that
    cannot apply to a page is not named.
    """
    made = Parallel(n_jobs=jobs)(delayed(_copies)(source, page, seed) for source, page in bait)
    return [_verdicts(copies, fitted) for copies in made]


def _copies(source: Source, page: Page, seed: int) -> dict[str, Example | None]:
    copies = {name: attack(page, name, seed) for name in ATTACKS}
    return {name: _example(source, copy) for name, copy in copies.items() if copy is not None}


def _example(source: Source, page: Page) -> Example | None:
    document = parse_document(page)
    if not document.text.strip() and not document.links:
        return None
    return make_example(source, document)


def _verdicts(copies: Mapping[str, Example | None], fitted: Fitted) -> Verdicts:
    readable = {name: example for name, example in copies.items() if example is not None}
    scored = score_examples(list(readable.values()), fitted)
    found: Verdicts = dict.fromkeys(copies, "unknown")
    return found | {name: s.verdict for name, s in zip(readable, scored, strict=True)}


def attack_table(judged: Iterable[tuple[VerdictName, Verdicts]]) -> Outcome:
    """Say what each attack leaves of the recall, over (clean verdict, verdicts of copies)."""
    table = attacked_recall([PageVerdicts(clean, copies) for clean, copies in judged])
    return {name: {"says": ATTACKS[name].description, **found} for name, found in table.items()}


def judge_triples(pages: Sequence[LabelledPage], fitted: Fitted, seed: int) -> Outcome:
    """Lay hand-written endings into the honest ones of unseen pages, and sum up the verdicts."""
    taken: Counter[str] = Counter()
    articles = []
    for article in sorted(articles_of(pages), key=lambda article: part_of(article.id, 2**63)):
        taken[article.lang] += 1
        if taken[article.lang] <= ARTICLES:
            articles.append(article)
    triples = trial_pages(articles, read_endings(), seed)
    examples = in_parallel(from_corpus, labelled_pages(triples))
    return summarize_triples(triples, score_examples(examples, fitted))


def pooled_triples(folds: Sequence[Outcome]) -> Outcome:
    """Add up the summaries of triples that different trainings judged."""
    return {
        "triples": sum(fold["triples"] for fold in folds),
        "all": _pooled([fold["all"] for fold in folds]),
        "by": {
            name: {
                key: _pooled([fold["by"][name][key] for fold in folds if key in fold["by"][name]])
                for key in sorted({key for fold in folds for key in fold["by"][name]})
            }
            for name in folds[0]["by"]
        },
    }


def _pooled(rates: Sequence[Mapping[str, Rate]]) -> dict[str, Rate]:
    return {
        name: rate(
            sum(round(each[name]["rate"] * each[name]["of"]) for each in rates),
            int(sum(each[name]["of"] for each in rates)),
        )
        for name in rates[0]
    }
