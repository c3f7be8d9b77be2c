"""The commands that make and revoke API keys, below `qa keys`."""

import os
from collections.abc import Sequence

import click

from qa_service.keys import SCOPES, Keys, Scope
from qa_service.settings import Settings


@click.group()
def keys() -> None:
    """Say who may use the service: make, list and revoke API keys.

    As soon as there is a key, every request needs one; running services notice at once.
    """


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    default=("ask", "read"),
    show_default=True,
    help="What it may do; give it several times for several. admin may everything.",
)
def add(name: str, scopes: Sequence[Scope]) -> None:
    """Make a key for NAME and print it, this one time.

    Programs send it as `Authorization: Bearer qa_...`; people log in with it.
    """
    secret = _keys().add(name, scopes)
    click.echo(f"The key of {name} ({', '.join(dict.fromkeys(scopes))}); it is not shown again:", err=True)
    click.echo(secret)


@keys.command("list")
def list_keys() -> None:
    """List the keys, without the secrets, which are not kept."""
    found = _keys().all()
    for key in found:
        state = f"revoked {key.revoked}" if key.revoked else f"since {key.created}"
        click.echo(f"{key.name:20} {','.join(key.scopes):20} {state}")
    if not found:
        click.echo("No keys; the service answers this machine only.")


@keys.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Take the key of NAME back, at once and for good."""
    _keys().revoke(name)
    click.echo(f"The key of {name} is revoked.")


def _keys() -> Keys:
    return Keys(Settings.read(os.environ).data_dir)
