"""Answers to requests: numbers that were asked with, and errors as JSON with honest statuses."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from studio.errors import BusyError, ParameterError
from studio.ui.server.messages import error_code, user_message

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


def number(text: str, name: str) -> float:
    """Return a number that was asked with, or say which one is none."""
    try:
        return float(text)
    except ValueError:
        raise ParameterError(f"{name}={text!r} must be a number.") from None


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
