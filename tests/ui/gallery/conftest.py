from tests.gallery.conftest import built, models

__all__ = ["built", "models"]
