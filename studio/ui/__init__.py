"""The studio's page: what people see, touch and hear. No signal processing happens here."""

from studio.ui.app import build_studio, serve

__all__ = ["build_studio", "serve"]
