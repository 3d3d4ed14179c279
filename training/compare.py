"""``baitwatch model compare``: two models side by side, and the verdicts that would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from model.artifact import Artifact, ArtifactRefused, load_artifact
from model.judge import judge_page
from model.verdict import VerdictName
from training.corpus import LabelledPage, NoCorpus, corpus_files, saved_pages
from training.examples import source_of
from training.gate import figures
from training.metrics import Scored, summarize
from training.progress import counted, steps
from training.report import plain

SHIPPED = "shipped"
_SHOWN = 20  # ids of one kind of change
_ORDER: tuple[VerdictName, ...] = ("bait", "suspicious", "clean", "unknown")


@dataclass(frozen=True, slots=True)
class Judged:
    """One page as two models judge it; ``scored`` has both where it is labelled and both know."""

    id: str
    label: str
    before: VerdictName
    after: VerdictName
    scored: tuple[Scored, Scored] | None


def judge_twice(
    pages: Iterable[LabelledPage], before: Artifact, after: Artifact
) -> Iterator[Judged]:
    """Have two models judge each page."""
    for page in pages:
        source = source_of(page)
        old, new = (judge_page(page.saved.page, artifact) for artifact in (before, after))
        scored = None
        if page.label and old.score is not None and new.score is not None:
            scored = (
                Scored(source, old.score, old.verdict),
                Scored(source, new.score, new.verdict),
            )
        yield Judged(source.id, page.label, old.verdict, new.verdict, scored)


def figure_rows(
    before: Mapping[str, float], after: Mapping[str, float]
) -> Iterator[tuple[str, str, str, str]]:
    """Lay figures side by side: name, both values, the difference; a dash where one is missing."""
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        change = f"{new - old:+.4f}" if old is not None and new is not None else "–"
        was, now = ("–" if value is None else f"{value:.4f}" for value in (old, new))
        yield name, was, now, change


def changes(
    judged: Iterable[Judged],
) -> dict[tuple[VerdictName, VerdictName], list[Judged]]:
    """Gather the pages whose verdict changes, by what it changes from and to."""
    found: dict[tuple[VerdictName, VerdictName], list[Judged]] = defaultdict(list)
    for page in judged:
        if page.before != page.after:
            found[page.before, page.after].append(page)
    return {(old, new): found[old, new] for old in _ORDER for new in _ORDER if (old, new) in found}


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.argument(
    "paths", metavar="[PAGES...]", nargs=-1, type=click.Path(exists=True, path_type=Path)
)
def compare(first: str, second: str, paths: tuple[Path, ...]) -> None:
    """Put two models side by side: the figures of A and B, and the verdicts that change.

    A and B are folders of artefacts, or "shipped". PAGES are saved pages, labelled or not, that
    both judge. Lines that cannot be read are named; the exit status is then 1.
    """
    before, after = _load(first), _load(second)
    for letter, artifact in (("A", before), ("B", after)):
        click.echo(f"{letter}: version {plain(artifact.version)}, digest {artifact.digest[:12]}")
    _show_figures("Out of fold, when trained", _manifest_figures(before), _manifest_figures(after))
    if not paths:
        return
    try:
        files = corpus_files(paths)
    except NoCorpus as error:
        raise click.ClickException(plain(str(error))) from None
    unread: list[str] = []
    with steps() as progress:
        pages = counted(saved_pages(files, unread.append), "judging twice", progress)
        judged = list(judge_twice(pages, before, after))
    _show_judged(judged)
    for name in unread:
        click.echo(f"baitwatch: {plain(name)}", err=True)
    if unread:
        raise click.exceptions.Exit(1)


def _load(name: str) -> Artifact:
    try:
        return load_artifact(None if name == SHIPPED else name)
    except ArtifactRefused as error:
        raise click.ClickException(plain(str(error))) from None


def _manifest_figures(artifact: Artifact) -> Mapping[str, float]:
    kept: Mapping[str, float] = artifact.manifest.get("figures", {})
    return kept


def _show_figures(title: str, before: Mapping[str, float], after: Mapping[str, float]) -> None:
    click.echo(f"\n{title}:")
    for name, *cells in figure_rows(before, after):
        click.echo(f"  {plain(name):<34}" + "".join(f"{cell:>9}" for cell in cells))


def _show_judged(judged: Sequence[Judged]) -> None:
    both = [page.scored for page in judged if page.scored is not None]
    if both:
        old, new = (figures(summarize([pair[side] for pair in both])) for side in (0, 1))
        _show_figures(f"On the {len(both):,} labelled pages", old, new)
    changed = changes(judged)
    total = sum(map(len, changed.values()))
    click.echo(f"\n{total:,} of {len(judged):,} verdicts change:")
    for (was, now), pages in changed.items():
        labels = ", ".join(
            f"{count:,} {label or 'without a label'}"
            for label in ("bait", "ok", "")
            if (count := sum(page.label == label for page in pages))
        )
        click.echo(f"  {was} -> {now}: {len(pages):,} ({labels})")
        for page in pages[:_SHOWN]:
            click.echo(f"    {plain(page.id)}{f'  [{page.label}]' if page.label else ''}")
        if len(pages) > _SHOWN:
            click.echo(f"    and {len(pages) - _SHOWN:,} more")
