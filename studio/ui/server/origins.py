"""Origin check: tell whether a request comes from the studio's own page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

STRANGER = "This studio answers only to its own page."


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
