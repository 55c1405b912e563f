"""Search long for what breaks the studio: the strategies of ``tests/fuzz`` with many examples.

    python scripts/fuzz.py --examples 5000

What is found is printed in its smallest form, and kept in ``.hypothesis`` until it is mended; then
put it as an ``@example`` on its test.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run pytest over the strategies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=5000, help="of each test")
    parser.add_argument("more", nargs="*", help="what pytest is to be told, such as: -- -k recipe")
    given = parser.parse_args()
    os.environ["STUDIO_FUZZ_EXAMPLES"] = str(given.examples)
    os.chdir(ROOT)
    import pytest

    sys.exit(pytest.main(["tests/fuzz", "-q", *given.more]))


if __name__ == "__main__":
    main()
