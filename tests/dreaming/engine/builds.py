"""The builds of the engine that this processor runs."""

import platform

from studio.dreaming.engine import library
from studio.dreaming.engine.targets import targets_of


def native():
    """Return every build that can be loaded here."""
    found = []
    for target in targets_of(platform.system(), platform.machine()):
        try:
            found.append(library.load(target))
        except library.EngineUnavailable:
            continue
    return found


NATIVE = native()
