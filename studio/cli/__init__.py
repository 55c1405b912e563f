"""The studio from a terminal: ``studio VERB`` and ``python -m studio VERB``.

Every verb lives in a module of its own and is registered here. Reports are written for people;
``--json`` writes them for programs. A mistake ends in one line and exit code 2, a failed job in
one line and exit code 1.
"""

from __future__ import annotations

import logging
import sys

import typer

from studio.errors import ParameterError, StudioError

app = typer.Typer(
    name="studio",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Deep Dream for sound: hear what small neural networks listen for.",
)


def main() -> None:
    """Run the command line and turn the studio's errors into one line and an exit code."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    try:
        app()
    except StudioError as error:
        print(f"studio: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, ParameterError) else 1)
    except KeyboardInterrupt:
        print("studio: stopped.", file=sys.stderr)
        sys.exit(130)


# Importing a verb's module registers it; the order is that of the help.
from studio.cli import (  # noqa: E402
    bench,  # noqa: F401
    data,  # noqa: F401
    dream,  # noqa: F401
    experiment,  # noqa: F401
    experiment_figures,  # noqa: F401
    experiment_one,  # noqa: F401
    experiment_two,  # noqa: F401
    export,  # noqa: F401
    features,  # noqa: F401
    gallery,  # noqa: F401
    inside,  # noqa: F401
    live,  # noqa: F401
    models,  # noqa: F401
    serve,  # noqa: F401
    train,  # noqa: F401
    verify,  # noqa: F401
)
