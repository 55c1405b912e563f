"""Answers to requests: numbers that were asked with, and errors as JSON with honest statuses."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from studio.errors import BusyError, ParameterError, TooLargeError
from studio.text import shown
from studio.ui.server.admission import Admission
from studio.ui.server.messages import error_code, user_message
from studio.ui.server.origins import StrangerError, is_stranger

T = TypeVar("T")

STATUS = {
    "error": 422,
    "parameter": 422,
    "sound": 422,
    "dream": 422,
    "not_found": 404,
    "gone": 410,
    "too_large": 413,
    "stranger": 403,
    "slow": 408,
    "busy": 503,
    "model": 500,
    "memory": 503,
    "disk_full": 507,
    "unexpected": 500,
}
"""The HTTP status of every code that an error may have."""


MOST_JSON_BYTES = 1 << 20
_MOST_DIGITS = 15


def number(text: str, name: str) -> float:
    """Return a number that was asked with, or say which one is none (or is not finite)."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise ParameterError(f"{name}={shown(text)} must be a number.")
    return found


def whole_number(text: str, name: str) -> int:
    """Return a whole number of 0 or more that was asked with, or say which one is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise ParameterError(f"{name}={shown(text)} must be a whole number.")
    return int(text)


async def json_body(request: Request, most_bytes: int = MOST_JSON_BYTES) -> dict[str, Any]:
    """Return what a page sent: a JSON object of bounded size.

    Raises
    ------
    TooLargeError, ParameterError
        If it is larger, or no JSON object.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            raise TooLargeError(f"This is more than {most_bytes >> 10} kB of JSON.")
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise ParameterError("This must be a JSON object.")
    return asked


def failed(error: BaseException) -> Response:
    """Return the answer to a request that failed: ``{"code": …, "message": …}``."""
    code = error_code(error)
    headers = {"cache-control": "no-store"}
    if isinstance(error, BusyError):
        headers["retry-after"] = str(math.ceil(error.retry_after))
    content = {"code": code, "message": user_message(error)}
    return JSONResponse(content, status_code=STATUS[code], headers=headers)


def errors_as_json(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Return an endpoint that answers errors with a code and a sentence."""

    def errors_as_json(request: Request) -> Response:
        try:
            return endpoint(request)
        except Exception as error:
            return failed(error)

    return errors_as_json


def errors_as_json_async(endpoint: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Return an asynchronous endpoint that answers errors with a code and a sentence."""

    async def errors_as_json(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:  # nobody is there to be told
            return Response(status_code=400)
        except Exception as error:
            return failed(error)

    return errors_as_json


def computed(
    admission: Admission, kind: str, endpoint: Callable[[Request], Response]
) -> Callable[[Request], Any]:
    """Return an endpoint that computes in its turn, for the studio's own pages only.

    It is given up where the visitor leaves: at once if it waits, else at its next `checkpoint`.
    """

    async def answer(request: Request) -> Response:
        if is_stranger(request.headers):
            raise StrangerError
        return await while_there(request, admission.compute(kind, endpoint, request))

    return errors_as_json_async(answer)


async def while_there(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what ``work`` returns; cancel it when the visitor leaves.

    Raises
    ------
    ClientDisconnect
        If the visitor has left.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        working.cancel()
        leaving.cancel()


async def left(request: Request) -> None:
    """Wait until the visitor leaves; the request's body has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
