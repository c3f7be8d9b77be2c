"""Who may change the archive over HTTP; the only place where that is decided.

With an API key `qa_service.guard` decides. Without keys only programs on this machine may write: the service
has to listen on a loopback address, and the request must not come from a page of another site in a browser
that runs here (such a page can send forms to 127.0.0.1, under a name of its own choice even).
"""

import ipaddress
from urllib.parse import urlsplit

from qa_service.settings import Settings

_SAME_SITE = {"same-origin", "none"}


def refusal(
    settings: Settings, *, host: str, origin: str | None, fetch_site: str | None, forwarded: bool
) -> str | None:
    """Say why a request may not write, None where it may.

    Args:
        settings: Where the service listens.
        host: The request's Host, with or without a port.
        origin: Its Origin, None where there is none (programs send none).
        fetch_site: Its Sec-Fetch-Site, which browsers send and scripts cannot set.
        forwarded: Whether a proxy says that it comes from elsewhere. Not every proxy says so: one that is
            reached by others has to let through reading and asking only.
    """
    if not is_loopback(settings.host):
        return (
            f"The service listens on {settings.host}, which others may reach, and has no keys; writing over "
            "HTTP needs a key (`qa keys add`) or QA_HOST=127.0.0.1. On the machine itself `qa index add` "
            "writes at any time."
        )
    if forwarded:
        return "Writing is for programs on this machine, not through a proxy."
    if not is_loopback(_name(host)):
        return f"Writing is for programs on this machine; address the service as localhost, not as {host}."
    if is_foreign(host=host, origin=origin, fetch_site=fetch_site):
        return "A page of another site may not write."
    return None


def is_foreign(*, host: str, origin: str | None, fetch_site: str | None) -> bool:
    """Tell whether a page of another site sent a request; the arguments are those of `refusal`."""
    if fetch_site is not None and fetch_site not in _SAME_SITE:
        return True
    return origin is not None and urlsplit(origin).netloc != host


def is_loopback(name: str) -> bool:
    """Tell whether an address or host name means this machine and is reached from nowhere else."""
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""
