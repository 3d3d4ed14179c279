"""Written bait and its honest twins, for training only.

    articles (given, or the few in phrases/) + phrases/<lang>.toml
        -> draw_family: site, article, template, plan      what twins share
        -> fill(plan, voice): bait | named | site | ...    what they differ in
        -> layout(sheet): markup or text                   -> Generated

What is generated teaches a model and never tests one.
"""

from training.synthesis.articles import Article
from training.synthesis.generate import Generated, generate
from training.synthesis.language import LANGUAGES

__all__ = ["LANGUAGES", "Article", "Generated", "generate"]
