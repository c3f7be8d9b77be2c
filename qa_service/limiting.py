"""Who comes too often: what is counted, by which name, and how the refusal looks.

Counted are questions and whatever changes something, before a body is read or a model runs. Reading is not:
it is cheap, and a page that opens reads several things at once.
"""

import ipaddress
from typing import Literal

from flask import Flask, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from qa_service import access, pages
from qa_service.errors import LimitedError
from qa_service.rates import Rates
from qa_service.service import Service
from qa_service.settings import Settings

PER_ADDRESS = 1200  # where other machines are served and no setting says otherwise
_NETWORK_BITS = 64  # of an IPv6 address: the rest is chosen by whoever has it
_READS = {"GET", "HEAD", "OPTIONS"}


def limit(app: Flask, service: Service, settings: Settings) -> None:
    """Refuse those who come too often with 429; called after the guard, which knows the key."""
    by_key = _rates(settings.rate_per_key, service)
    by_address = _rates(per_address(settings), service)

    def check() -> AnyResponse | None:
        if not _counted():
            return None
        try:
            _take(by_key, by_address)
        except LimitedError as error:
            service.metrics.limited(error.by)
            return _refused(error)
        return None

    app.before_request(check)


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Believe what the last `trusted_proxies` proxies say of client, scheme and host; nobody else."""
    count = settings.trusted_proxies
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def per_address(settings: Settings) -> int:
    """Return the allowance of an address; without a setting this machine alone is not limited."""
    if settings.rate_per_address is not None:
        return settings.rate_per_address
    return 0 if access.is_loopback(settings.host) else PER_ADDRESS


def address_name(address: str | None) -> str:
    """Return whom an address stands for: itself without a port, of IPv6 the network of one customer."""
    text = address or ""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # some proxies add the port to an IPv4 address
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), _NETWORK_BITS), strict=False))


def _rates(per_minute: int, service: Service) -> Rates | None:
    return Rates(per_minute, clock=service.clock) if per_minute else None


def _counted() -> bool:
    if request.url_rule is None:
        return False
    if request.url_rule.rule == "/":
        return bool(request.args.get("q", "").strip())
    return request.method not in _READS


def _take(by_key: Rates | None, by_address: Rates | None) -> None:
    key = g.get("api_key")
    if by_key is not None and key is not None:
        _take_one(by_key, key, "key")
    if by_address is not None:
        try:
            _take_one(by_address, address_name(request.remote_addr), "address")
        except LimitedError:
            if by_key is not None and key is not None:
                by_key.give_back(key)  # one address does not use up a key for the others
            raise


def _take_one(rates: Rates, name: str, by: Literal["key", "address"]) -> None:
    retry_after_s = rates.take(name)
    if retry_after_s:
        raise LimitedError(by, rates.per_minute, retry_after_s)


def _refused(error: LimitedError) -> AnyResponse:
    """Tell people on the page, and everybody else by problem details (`qa_service.problems`)."""
    if request.url_rule is None or request.url_rule.rule != "/":
        raise error
    response = pages.chat_page(problem=429)
    response.headers["Retry-After"] = str(error.retry_after_s)
    return response
