"""Charts as inline SVG: no script, no outer resource, colours from the page's style sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from training.metrics import ODDS_EDGES
from training.reporting.markup import Html, element

_WIDTH, _HEIGHT = 360.0, 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 48.0, 20.0, 12.0, 44.0
_TENTHS = tuple(i / 5 for i in range(6))

Scale = Callable[[float], float]
Ticks = Sequence[tuple[float, str]]


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _across(low: float, high: float) -> Scale:
    return _scale(low, high, _LEFT, _WIDTH - _RIGHT)


def _up(low: float, high: float) -> Scale:
    return _scale(low, high, _HEIGHT - _BOTTOM, _TOP)


def _percents() -> Ticks:
    return [(share, f"{share:.0%}") for share in _TENTHS]


def _frame(x: Scale, y: Scale, xs: Ticks, ys: Ticks, labels: tuple[str, str]) -> list[Html]:
    """Draw the grid with its numbers and the names of both axes."""
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts = []
    for value, name in xs:
        at = x(value)
        parts.append(element("line", x1=at, x2=at, y1=_TOP, y2=bottom, class_="grid"))
        parts.append(element("text", name, x=at, y=bottom + 16, text_anchor="middle"))
    for value, name in ys:
        at = y(value)
        parts.append(element("line", x1=_LEFT, x2=right, y1=at, y2=at, class_="grid"))
        parts.append(element("text", name, x=_LEFT - 6, y=at + 4, text_anchor="end"))
    middle = (_TOP + bottom) / 2
    turned = f"rotate(-90 11 {middle:.0f})"
    parts.append(
        element("text", labels[0], x=(_LEFT + right) / 2, y=_HEIGHT - 8, text_anchor="middle")
    )
    parts.append(element("text", labels[1], x=11, y=middle, text_anchor="middle", transform=turned))
    return parts


def _chart(title: str, parts: Iterable[Html], caption: str) -> Html:
    drawing = element(
        "svg",
        element("title", title),
        *parts,
        viewBox=f"0 0 {_WIDTH:.0f} {_HEIGHT:.0f}",
        role="img",
        aria_label=title,
    )
    named = element("figcaption", element("strong", title), " ", caption)
    return element("figure", drawing, named)


def _line(points: Iterable[tuple[float, float]], x: Scale, y: Scale, kind: str) -> Html:
    drawn = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)
    return element("polyline", points=drawn, class_=f"line {kind}")


def precision_recall(curve: Sequence[Sequence[float]]) -> Html:
    """Draw precision over recall, from the strictest cut at the left."""
    x, y = _across(0, 1), _up(0, 1)
    frame = _frame(x, y, _percents(), _percents(), ("recall", "precision"))
    line = _line([(a, b) for a, b in curve], x, y, "bait")
    return _chart(
        "Precision and recall",
        [*frame, line],
        "Of the pages above a cut on the score, the share that is bait, over the share of bait "
        "that lies above it.",
    )


def reliability(rows: Sequence[Mapping[str, float]]) -> Html:
    """Draw the share of bait over the mean score of each tenth; circles grow with the pages."""
    x, y = _across(0, 1), _up(0, 1)
    frame = _frame(x, y, _percents(), _percents(), ("mean score", "share of bait"))
    ideal = _line([(0, 0), (1, 1)], x, y, "ideal")
    points = [(row["mean_score"], row["bait_share"]) for row in rows]
    circles = [
        element("circle", cx=x(a), cy=y(b), r=min(9, 2.5 + row["pages"] ** 0.5 / 10), class_="bait")
        for (a, b), row in zip(points, rows, strict=True)
    ]
    return _chart(
        "Reliability",
        [*frame, ideal, _line(points, x, y, "bait"), *circles],
        "Where the line follows the diagonal, scores are probabilities on this set; larger "
        "circles stand for more pages.",
    )


def score_histogram(counts: Mapping[str, Sequence[int]], cuts: Mapping[str, float]) -> Html:
    """Draw how scores are spread on both sides.

    ``cuts`` are log-odds by name, drawn as upright lines, the lowest first.
    """
    shares = {label: [n / max(1, sum(found)) for n in found] for label, found in counts.items()}
    top = max(max(found) for found in shares.values()) or 1.0
    x, y = _across(float(ODDS_EDGES[0]), float(ODDS_EDGES[-1])), _up(0, top)
    marks = [(-6.9, "0.001"), (-4.6, "0.01"), (-2.2, "0.1"), (0.0, "0.5")]
    marks += [(2.2, "0.9"), (4.6, "0.99"), (6.9, "0.999")]
    heights = [(top * i / 4, f"{top * i / 4:.0%}") for i in range(5)]
    parts = _frame(x, y, marks, heights, ("score", "share of the side's pages"))
    for label, kind in (("ok", "honest"), ("bait", "bait")):
        parts += [
            element(
                "rect",
                x=x(float(ODDS_EDGES[i])),
                y=y(share),
                width=x(float(ODDS_EDGES[i + 1])) - x(float(ODDS_EDGES[i])),
                height=y(0) - y(share),
                class_=f"bar {kind}",
            )
            for i, share in enumerate(shares[label])
            if share
        ]
    parts += _cut_lines(x, y(0), cuts)
    return _chart(
        "Scores",
        [*parts, *_legend()],
        "On a scale of log-odds, each side by itself; upright lines are the cuts at 1 in 1,000 "
        "and 1 in 100 false alarms.",
    )


def _cut_lines(x: Scale, bottom: float, cuts: Mapping[str, float]) -> list[Html]:
    low, high = float(ODDS_EDGES[0]), float(ODDS_EDGES[-1])
    parts = []
    for place, (name, odds) in enumerate(cuts.items()):
        at = x(min(max(odds, low), high))
        parts.append(element("line", x1=at, x2=at, y1=_TOP, y2=bottom, class_="cut"))
        # Each on a line of its own, as cuts may lie close to one another.
        down = _TOP + 9 + 13 * place
        parts.append(element("text", name, x=at - 4, y=down, text_anchor="end"))
    return parts


def _legend() -> list[Html]:
    return [
        element("rect", x=_LEFT + 8, y=_TOP + 32, width=9, height=9, class_="bar honest"),
        element("text", "honest", x=_LEFT + 21, y=_TOP + 40),
        element("rect", x=_LEFT + 8, y=_TOP + 47, width=9, height=9, class_="bar bait"),
        element("text", "bait", x=_LEFT + 21, y=_TOP + 55),
    ]


def learning_curve(points: Sequence[tuple[int, Mapping[str, Any]]]) -> Html:
    """Draw recall with its interval over the number of campaigns learnt from."""
    most = max(count for count, _ in points)
    x, y = _across(0, most), _up(0, 1)
    ticks = [(float(count), str(count)) for count, _ in points]
    parts = _frame(x, y, ticks, _percents(), ("campaigns", "recall at 1 in 100"))
    for count, found in points:
        at = x(count)
        parts.append(
            element("line", x1=at, x2=at, y1=y(found["low"]), y2=y(found["high"]), class_="range")
        )
        parts.append(element("circle", cx=at, cy=y(found["rate"]), r=4, class_="bait"))
    parts.append(_line([(count, found["rate"]) for count, found in points], x, y, "bait"))
    return _chart("Learning curve", parts, "Upright lines are 95 % intervals.")


def share_bar(found: Mapping[str, float], kind: str) -> Html:
    """Draw a share of ``bait`` or ``honest`` pages as a small bar with its interval."""
    return element(
        "svg",
        element("rect", x=0, y=3, width=60, height=6, class_="back"),
        element("rect", x=0, y=3, width=60 * found["rate"], height=6, class_=f"bar {kind}"),
        element("line", x1=60 * found["low"], x2=60 * found["high"], y1=6, y2=6, class_="range"),
        viewBox="0 0 60 12",
        class_="mini",
        aria_hidden="true",
    )
