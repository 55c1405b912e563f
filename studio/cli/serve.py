"""``studio app``: open the studio's page."""

from __future__ import annotations

from typing import Annotated

import typer

from studio.cli import app


@app.command("app")
def open_app(
    port: Annotated[
        int | None, typer.Option(help="Port; by default 7860 or the next free one.")
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; by default this machine only.")
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the page in the browser.")
    ] = False,
) -> None:
    """Open the studio's page in a browser."""
    from studio.ui import serve

    serve(port=port, host=host, open_browser=open_browser)
