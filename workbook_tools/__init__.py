"""Collect figures in Excel forms, check them to the cell, add them up, follow every total to its source."""

from pathlib import Path

__version__ = "0.1.0"

_CHECKOUT = Path(__file__).parents[1]
if (_CHECKOUT / "templates" / "BieuMau.xlsx").is_file():
    # Not installed from here: templates/ and examples/ stand beside the package.
    __path__.append(str(_CHECKOUT))
