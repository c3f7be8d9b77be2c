"""The command line, `qa`; it also owns the process's log handlers."""

import atexit
import logging
import logging.config
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask
from pydantic import ValidationError
from tqdm import tqdm

from index.build import Summary
from index.errors import IndexingError
from index.load import load, load_jsonl
from index.search import VECTORS
from index.types import Article, Rejected
from index.vectors import described
from qa_service import bootstrap, logs, settings_table
from qa_service.app import create_app
from qa_service.archive_commands import COMMANDS
from qa_service.doctor import examine
from qa_service.errors import ServiceError
from qa_service.key_commands import keys
from qa_service.plain import readable
from qa_service.schemas import replies
from qa_service.schemas.requests import AskBody
from qa_service.server import Server
from qa_service.settings import Settings

STANDARD_INPUT = "-"
REJECTED_SHOWN = 20


class _Commands(click.Group):
    """Shows the package's own errors as messages; a traceback means a mistake in the program."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (IndexingError, ServiceError) as error:
            raise click.ClickException(str(error)) from error


_SETTINGS = "\b\nSettings are environment variables, or lines of a file .env:\n" + settings_table.plain()


@click.group(cls=_Commands, epilog=_SETTINGS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="german-news-qa")
def main() -> None:
    """Ask a German news archive; every answer is quoted from an article and cited."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


@main.command()
def setup() -> None:
    """Prepare the models, so that later starts are quick.

    The embedded model is unpacked and exported once (half a minute, 0.6 GB in QA_MODEL_CACHE). Doing it
    again changes nothing.
    """
    logging.getLogger("index").setLevel(logging.INFO)
    click.echo(f"Models are ready: {bootstrap.prepare_models(_settings()).identity}.")


@main.group()
def index() -> None:
    """Fill the archive and look after it."""


for _command in COMMANDS:
    index.add_command(_command)

main.add_command(keys)


@index.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--if-empty", is_flag=True, help="Do nothing where the archive already holds articles.")
def add(paths: Sequence[str], *, if_empty: bool) -> None:
    """Add the articles in PATH..., files or folders; "-" reads JSONL from standard input.

    Understood are text, Markdown, HTML, PDF, DOCX, JSONL and CSV (fields id, title, text, url, source,
    author, agency, published, updated, language), RSS and Atom, NewsML-G2, NITF, and ZIP archives of these.
    An article that is already there unchanged is skipped, a changed one is replaced. What cannot be read is
    reported with file and line, and the rest goes on; the exit status is 1 only when a path is missing or
    everything was rejected.
    """
    settings = _settings()
    if if_empty and bootstrap.open_archive(settings).count().articles:
        return
    parts = bootstrap.open_parts(settings)
    with tqdm(desc="Indexing", unit=" articles", disable=None) as bar:
        summary = parts.builder.add(_articles(paths), progress=lambda so_far: _advance(bar, so_far))
    parts.search.refresh()
    parts.search.save(settings.data_dir)
    click.echo(_summary(summary))
    missing = [path for path in paths if path != STANDARD_INPUT and not Path(path).exists()]
    if missing or len(summary.rejected) == summary.articles:
        sys.exit(1)


@index.command()
def status() -> None:
    """Show what the archive holds."""
    settings = _settings()
    archive = bootstrap.open_archive(settings)
    counts = archive.count()
    click.echo(f"Archive   {archive.path}")
    click.echo(f"Articles  {counts.articles}")
    click.echo(f"Passages  {counts.passages}")
    click.echo(f"Change    {archive.change()}")
    click.echo(f"Model     {archive.model or 'none yet'}")
    click.echo(f"Vectors   {described(settings.data_dir / VECTORS)}")


@main.command()
@click.argument("question", metavar="QUESTION")
@click.option("--json", "as_json", is_flag=True, help="Print the reply as POST /ask sends it.")
def ask(question: str, *, as_json: bool) -> None:
    """Answer QUESTION from the archive, with numbered sources.

    Finding no answer is no error: the nearest passages are shown instead.
    """
    body = _checked(question)
    service = bootstrap.bootstrap(_settings())
    reply = replies.reply_body(service.answerer.answer(body.asked()), service)
    click.echo(reply.model_dump_json(indent=2) if as_json else readable(reply))


@main.command()
@click.option("--markdown", is_flag=True, help="Print docs/settings.md instead.")
def settings(*, markdown: bool) -> None:
    """Show every setting as it is now."""
    click.echo(settings_table.markdown() if markdown else settings_table.current(_settings()), nl=False)


@main.command()
def doctor() -> None:
    """Check the installation, and say what to do where something is wrong.

    Nothing is changed. The exit status is 1 where something would stop a start or an answer.
    """
    marks = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}
    findings = []
    for finding in examine(_settings()):
        click.echo(f"{marks[finding.state]}  {finding.what:16} {finding.words}")
        findings.append(finding)
    if any(finding.state == "wrong" for finding in findings):
        sys.exit(1)


@main.command()
def serve() -> None:
    """Serve the chat page and the HTTP API until stopped.

    Runs one process, which answers QA_QUESTIONS_AT_ONCE questions at once, lets QA_QUESTIONS_WAITING wait and
    asks others to come back. Articles that `qa index add` adds meanwhile are found at once. The log, on
    standard error, is JSON.
    """
    settings = _settings()
    logging.config.dictConfig(logs.configuration())
    bootstrap.check(settings)  # here, where a wrong model stops the start with its reason
    click.echo(f"Serving on http://{settings.host}:{settings.port}/ (stop with Ctrl+C)")
    Server(settings, lambda: _application(settings)).run()


def _application(settings: Settings) -> Flask:
    service = bootstrap.bootstrap(settings)
    if service.jobs is not None:
        service.jobs.start()
        atexit.register(service.jobs.stop)
    # No daemon: the end of the process waits for it. A thread that comes back from a model's native code
    # while the interpreter goes away takes the whole process down (SIGABRT).
    threading.Thread(target=bootstrap.warm_up, args=(service,), name="warm-up").start()
    return create_app(service, settings)


def _settings() -> Settings:
    return Settings.read(os.environ)


def _checked(question: str) -> AskBody:
    try:
        return AskBody(question=question)
    except ValidationError as error:
        raise click.UsageError(f"QUESTION: {error.errors()[0]['msg']}.") from error


def _articles(paths: Sequence[str]) -> Iterator[Article | Rejected]:
    for path in paths:
        if path == STANDARD_INPUT:
            yield from load_jsonl(sys.stdin.buffer, "standard input")
        else:
            yield from load(Path(path))


def _advance(bar: "tqdm[NoReturn]", summary: Summary) -> None:
    bar.update(summary.articles - bar.n)


def _summary(summary: Summary) -> str:
    counts = f"{summary.added} added, {summary.changed} changed, {summary.unchanged} unchanged"
    lines = [f"{counts}, {len(summary.rejected)} rejected in {summary.timings_s['total']:.1f} s."]
    lines += [f"  {rejected.where}: {rejected.reason}" for rejected in summary.rejected[:REJECTED_SHOWN]]
    if len(summary.rejected) > REJECTED_SHOWN:
        lines.append(f"  and {len(summary.rejected) - REJECTED_SHOWN} more")
    return "\n".join(lines)
