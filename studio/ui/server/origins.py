"""Origin and host checks: whether a request comes from the studio's own page."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from studio.errors import StudioError

STRANGER = "This studio answers only to its own page."
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")
_LOCAL_ENDINGS = (".localhost", ".local")


class StrangerError(StudioError):
    """Another site's page asks."""

    code = "stranger"

    def __init__(self, sentence: str = STRANGER) -> None:
        super().__init__(sentence)


def is_stranger(headers: Mapping[str, str], proxied: bool = False) -> bool:
    """Tell whether a request comes from another site's page.

    Browsers say where a request comes from, and no script can change that. What comes from no
    page at all is no stranger. ``proxied``: also believe what a proxy says this host is called,
    for requests to which a page cannot add headers.
    """
    site = headers.get("sec-fetch-site")
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if not origin:
        return False
    known = {headers.get("host")} | ({headers.get("x-forwarded-host")} if proxied else set())
    return urlsplit(origin).netloc not in known


def is_local_name(host: str, more: tuple[str, ...] = ()) -> bool:
    """Tell whether a Host header names a machine at home, as no name on the internet can.

    A page of evil.example may have its name point at this machine (DNS rebinding): it then counts
    as this studio's own page, but the browser still says evil.example. Addresses in numbers, names
    without a dot, ``.localhost``, ``.local`` and this machine's own name cannot be had that way.

    Parameters
    ----------
    host : str
        As in the header: name or address, and perhaps a port.
    more : tuple of str
        Other names that are allowed.
    """
    parts = _HOST.fullmatch(host)
    if parts is None:
        return False
    name = parts["name"].strip("[]").lower().removesuffix(".")
    try:
        ipaddress.ip_address(name)
    except ValueError:
        pass
    else:
        return True
    return (
        "." not in name
        or name.endswith(_LOCAL_ENDINGS)
        or name in (socket.gethostname().lower(), *more)
    )
