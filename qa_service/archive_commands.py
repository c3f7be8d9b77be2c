"""The commands that look after an archive, below `qa index`."""

import hashlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from tqdm import tqdm

from index import backup as backups
from index.build import Summary
from index.copies import similarity
from index.embed import open_embedder
from index.rebuild import rebuild as rebuild_indexes
from index.rebuild import reembed as reembed_archive
from index.split import Splitter
from index.verify import verify as problems_of
from index.watch import Step, Watch
from qa_service import bootstrap
from qa_service.settings import Settings

PROBLEMS_SHOWN = 50


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def delete(ids: Sequence[str]) -> None:
    """Delete the articles with these ids, for good.

    Running services do not answer from them any more. An id that is unknown is named, and the exit status
    is then 1; the others are deleted all the same.
    """
    archive = bootstrap.open_archive(_settings())
    unknown = [article_id for article_id in ids if not archive.delete(article_id)]
    click.echo(f"{len(ids) - len(unknown)} deleted.")
    for article_id in unknown:
        click.echo(f"  {article_id}: no article has this id", err=True)
    if unknown:
        sys.exit(1)


@click.command()
def verify() -> None:
    """Check that the archive and its indexes are sound and agree.

    Compared are the file's own checksums and counts, passages and their texts, passages and vectors, both
    indexes and the archive. Prints one line per problem, with what to do; the exit status is 1 then.
    """
    settings = _settings()
    parts = bootstrap.open_parts(settings)
    problems = problems_of(parts.archive, parts.search.vectors, parts.search.lexical)
    counts = parts.archive.count()
    for problem in problems[:PROBLEMS_SHOWN]:
        click.echo(f"- {problem}")
    if len(problems) > PROBLEMS_SHOWN:
        click.echo(f"- and {len(problems) - PROBLEMS_SHOWN} more")
    state = f"{len(problems)} problems" if problems else "no problems"
    click.echo(f"{counts.articles} articles, {counts.passages} passages: {state}.")
    if problems:
        sys.exit(1)


@click.command()
@click.option("--reembed", is_flag=True, help="Split and embed every article again, by the model set.")
def rebuild(*, reembed: bool) -> None:
    """Make the indexes again from the archive, which takes seconds to minutes.

    Running services search the old ones meanwhile and go over to the new ones by themselves. Nothing is
    embedded again, unless --reembed is given: that is for another model (QA_EMBEDDER) and takes as long as
    indexing did. The new archive is made beside the old one, which goes on serving; stop the service when
    asked to, and repeat.
    """
    settings = _settings()
    if reembed:
        click.echo(f"{_reembedded(settings).passages} passages embedded.")
    archive = bootstrap.open_archive(settings)
    embedder = open_embedder(bootstrap.prepare_models(settings), device=settings.device)
    rebuild_indexes(archive, embedder, settings.data_dir)
    click.echo(f"The indexes of {archive.count().passages} passages are made again.")


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="TARGET is a folder: keep the last so many copies.")
def backup(target: Path, *, keep: int | None) -> None:
    """Copy the archive to the file TARGET while services read and write it.

    TARGET is replaced only when the copy is whole and has been checked. It holds articles, passages and
    vectors; the indexes are made again from it. With --keep the copy becomes a file in the folder TARGET,
    named by the time, and the oldest ones are removed.
    """
    archive = _settings().data_dir / bootstrap.ARCHIVE_FILE
    if keep is None and target.is_dir():
        raise click.UsageError(f"{target} is a folder; name a file, or say how many copies to --keep there.")
    if keep is None:
        backups.backup(archive, target)
    else:
        target = backups.backup_keeping(archive, target, keep)
    click.echo(f"{target}: {target.stat().st_size / 1e6:.1f} MB.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.confirmation_option("--yes", prompt="Replace all articles of the archive by those of the backup?")
def restore(file: Path) -> None:
    """Put the articles of a backup FILE in the place of the archive's.

    It happens at once or not at all, and running services answer from it at their next question. What was
    stored after the backup is gone: make another backup first.
    """
    settings = _settings()
    bootstrap.open_archive(settings).close()
    count = backups.restore(file, settings.data_dir / bootstrap.ARCHIVE_FILE)
    click.echo(f"{count} articles restored from {file}.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--every", "every_s", default=2.0, show_default=True, help="Seconds between two looks.")
def watch(folder: Path, *, every_s: float) -> None:
    """Follow FOLDER: index new and changed files, delete the articles of removed ones.

    Goes on until stopped by Ctrl+C; a batch of files that is being read is finished first. Changes made
    while nobody watched are taken in at the start. A folder that is missing or empty deletes nothing, since
    a disk that is not mounted looks the same.
    """
    settings = _settings()
    parts = bootstrap.open_parts(settings)
    memory = settings.data_dir / "watch" / f"{_digest(folder)}.json"
    watching = Watch(folder, parts.builder, parts.archive.delete, memory)
    click.echo(f"Watching {folder} (stop with Ctrl+C)")
    with _stopped_by_signals() as stop:
        watching.run(stop, _report, every_s=max(0.1, every_s))
    parts.search.refresh()
    parts.search.save(settings.data_dir)
    click.echo("Stopped.")


COMMANDS = (delete, verify, rebuild, backup, restore, watch)


def _reembedded(settings: Settings) -> Summary:
    bootstrap.open_archive(settings).close()
    embedder = open_embedder(bootstrap.prepare_models(settings), device=settings.device)
    with tqdm(desc="Embedding", unit=" articles", disable=None) as bar:
        return reembed_archive(
            settings.data_dir / bootstrap.ARCHIVE_FILE,
            Splitter(),
            embedder,
            similarity=similarity,
            progress=lambda so_far: _advance(bar, so_far),
        )


def _advance(bar: "tqdm[NoReturn]", summary: Summary) -> None:
    bar.update(summary.articles - bar.n)


def _report(step: Step) -> None:
    counts = f"{step.added} added, {step.changed} changed, {step.removed} removed"
    click.echo(f"{counts}, {len(step.rejected)} rejected.")
    for rejected in step.rejected:
        click.echo(f"  {rejected.where}: {rejected.reason}", err=True)


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    stop = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _digest(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]


def _settings() -> Settings:
    return Settings.read(os.environ)
