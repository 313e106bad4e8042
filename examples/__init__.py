"""The shipped examples: units, figures of two reports, and their filled returns."""
