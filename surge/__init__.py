"""The code behind the chapters of Past 600 Million."""

__version__ = "0.1.0"
