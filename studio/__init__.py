"""Deep Dream studio: hear what small neural networks listen for."""

__version__ = "0.1.0"
