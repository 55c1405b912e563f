"""Open the studio: ``python app.py``. A Hugging Face Space starts here, too."""

from __future__ import annotations

import sys

from studio.errors import StudioError
from studio.ui import serve

if __name__ == "__main__":
    try:
        serve()
    except StudioError as error:
        sys.exit(f"studio: {error}")
