"""All damages: importing their modules registers them."""

import tests.corpus.columns
import tests.corpus.copies
import tests.corpus.files
import tests.corpus.headings
import tests.corpus.labels
import tests.corpus.programs
import tests.corpus.rows
import tests.corpus.sheets
import tests.corpus.typed
import tests.corpus.values  # noqa: F401
from tests.corpus.damage import DAMAGES

__all__ = ["DAMAGES"]
