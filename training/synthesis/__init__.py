"""Written bait and its honest twins, for training only.

    articles (given, the few in phrases/, or composed from kinds/) + phrases/<lang>.toml
        -> draw_family: site, article, template, plan      what twins share
        -> fill(plan, voice): bait | named | site | ...    what they differ in
        -> layout(sheet): markup or text                   -> Generated
    or alone: an honest page composed from kinds/<lang>.toml, without any bait beside it

What is generated teaches a model and never tests one.
"""

from training.synthesis.articles import Article
from training.synthesis.generate import Generated, generate
from training.synthesis.language import LANGUAGES

__all__ = ["LANGUAGES", "Article", "Generated", "generate"]
