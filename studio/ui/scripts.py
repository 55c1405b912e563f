"""Import graph of the page's scripts, read from the files themselves."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

from studio.ui.static_files import STATIC

SCRIPTS = STATIC / "js"
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"](\.{1,2}/[^'"]+)['"]""", re.M)
_BARE_IMPORT = re.compile(r"""^\s*import\s*['"](\.{1,2}/[^'"]+)['"]""", re.M)


def imports_of(script: str, root: Path = SCRIPTS) -> list[str]:
    """Return the modules that one imports, as paths below ``static/js``, in their order."""
    text = (root / script).read_text(encoding="utf-8")
    folder = posixpath.dirname(script)
    found = [*_IMPORT.findall(text), *_BARE_IMPORT.findall(text)]
    return [posixpath.normpath(posixpath.join(folder, name)) for name in found]


@cache
def loaded_with(script: str, root: Path = SCRIPTS) -> tuple[str, ...]:
    """Return a module and all that it needs, directly or not, each once.

    A browser that knows them from the start fetches them at once, instead of finding one import
    after the other.
    """
    found: dict[str, None] = {}
    waiting = [script]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting.extend(imports_of(name, root))
    return tuple(found)
