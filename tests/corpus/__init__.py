"""Damages that senders really do to a form, each with what reading must then give.

The damages stand in modules by what they touch; :mod:`~tests.corpus.measuring` does them to forms filled at random (dữ
liệu giả lập) and says what is wrong with the reading. ``python -m tests.corpus`` measures all and writes
``docs/damages.md``.
"""
