"""The administrative units of Vietnam as tables: those since 01/07/2025, and which of the former ones they replaced.

Derived from vietnamadminunits 1.0.4, MIT License, see ``LICENSE-vietnamadminunits`` beside the tables.
"""
