"""Attacks: copies of a bait page that a reader reads the same and a machine does not.

::

    Page --attack(page, name, seed)--> attacked Page, or None where it cannot apply
      |                                     |
      '-- judge --> clean verdict           '-- judge --> attacked verdict
                         \\                      /
                          attacked_recall: what each attack leaves of the clean recall

They measure and are never trained on: the generator's disguises are another implementation, with
other characters, shares and means (``training.synthesis.evasion``).
"""

from __future__ import annotations

from training.attacks.recall import PageVerdicts, attacked_recall, judge_attacked
from training.attacks.suite import ATTACKS, Attack, attack

__all__ = ["ATTACKS", "Attack", "PageVerdicts", "attack", "attacked_recall", "judge_attacked"]
