"""What pyproject.toml cannot say: models, gallery and results go inside the package.

They stay at the top of the repository, where people look for them; a wheel carries a copy in
``studio/_bundled`` (see ``studio/places.py``). An editable installation uses the repository's.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
BUNDLED = ("models", "assets/gallery", "assets/experiments")


class BuildWithData(build_py):
    """Copies what the studio ships into the package that is being built."""

    def run(self):
        """Build the package, then add its data."""
        super().run()
        if self.editable_mode:
            return
        for folder in BUNDLED:
            target = Path(self.build_lib, "studio", "_bundled", folder)
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(ROOT / folder, target, ignore=shutil.ignore_patterns("*.tmp", ".*"))


setup(cmdclass={"build_py": BuildWithData})
