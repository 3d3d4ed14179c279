"""Trials: hand-written endings laid into honest articles, to measure what was never taught.

    endings/<lang>.toml --read_endings--> Endings
                                             |
    honest articles ------------------trial_pages--> triples --labelled_pages--> scored pages
                                                        |                            |
                                                        '-----summarize_triples------'

A triple is one article three times in the same markup: as it is (bare), with an ending that makes
it bait, and with a lawful ending about the same thing in the same place. The endings were written
without a look at ``training/synthesis``, and nothing is trained on them, so the figures say whether
the pattern was learnt or only the generator's phrases.

For articles of sites that a model was not trained on::

    triples = trial_pages(articles_of(held_out_pages), read_endings(), seed=0)
    scored = score_pages(labelled_pages(triples), artifact)  # or any other scorer of pages
    summary = summarize_triples(triples, list(scored))

The pages are ``LabelledPage``s like a corpus's, each with the group of its article, so whatever
scores a corpus can score them. ``trial_figures(summary)`` is what floors are held against.
"""

from training.endings import ENDINGS, Ending, EndingLink, Endings, read_endings
from training.trials.figures import summarize_triples, trial_figures
from training.trials.triples import Triple, labelled_pages, trial_pages

__all__ = [
    "ENDINGS",
    "Ending",
    "EndingLink",
    "Endings",
    "Triple",
    "labelled_pages",
    "read_endings",
    "summarize_triples",
    "trial_figures",
    "trial_pages",
]
