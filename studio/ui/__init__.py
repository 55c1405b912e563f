"""The studio's page and server. No signal processing happens here."""

from studio.ui.app import build_studio, serve

__all__ = ["build_studio", "serve"]
