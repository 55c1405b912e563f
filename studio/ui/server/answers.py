"""Helpers for responses: parsed numbers, errors as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from studio.errors import ParameterError, StudioError
from studio.ui.server.messages import user_message


def number(text: str, name: str) -> float:
    """Return a number that was asked with, or say which one is none."""
    try:
        return float(text)
    except ValueError:
        raise ParameterError(f"{name}={text!r} must be a number.") from None


def _failed(error: Exception) -> Response:
    status = 422 if isinstance(error, StudioError) else 500
    return JSONResponse({"message": user_message(error)}, status_code=status)


def errors_as_json(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Return an endpoint that answers errors with a sentence."""

    def errors_as_json(request: Request) -> Response:
        try:
            return endpoint(request)
        except Exception as error:
            return _failed(error)

    return errors_as_json


def errors_as_json_async(endpoint: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Return an asynchronous endpoint that answers errors with a sentence."""

    async def errors_as_json(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:  # nobody is there to be told
            return Response(status_code=400)
        except Exception as error:
            return _failed(error)

    return errors_as_json
