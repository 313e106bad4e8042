"""The units of the whole country, since 01/07/2025 and before, from the tables that come with the package."""

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from workbook_tools.errors import UnknownPlaceError
from workbook_tools.successions import WHOLE, Succession
from workbook_tools.unit_names import COMMUNE, PROVINCE
from workbook_tools.unit_tree import Unit, UnitTree

FIRST_DAY = dt.date(2025, 7, 1)
"""Since then there are no districts, and 3,321 communes instead of some ten thousand."""

LAST_DAY = FIRST_DAY - dt.timedelta(days=1)
BASIS = "Sắp xếp đơn vị hành chính năm 2025"
CURRENT, FORMER = "units_2025.csv", "old_to_new_2025.csv"
SPLIT = "split"


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    text = (files("workbook_tools.administrative_units") / name).read_text("utf-8")
    return csv.DictReader(text.splitlines())


@cache
def current_tree() -> UnitTree:
    """The 34 provinces and 3,321 communes since 01/07/2025."""
    return UnitTree(
        tuple(
            Unit(row["code"], row["name"], row["kind"].lower(), row["parent_code"], valid_from=FIRST_DAY)
            for row in _rows(CURRENT)
        )
    )


@cache
def former_tree() -> UnitTree:
    """The provinces, districts and communes until 30/06/2025."""
    units: dict[str, Unit] = {}
    for row in _rows(FORMER):
        province, district = row["old_province_code"], row["old_district_code"]
        units.setdefault(province, _former(province, row["old_province"], ""))
        units.setdefault(district, _former(district, row["old_district"], province))
        if row["old_code"]:
            units[row["old_code"]] = _former(row["old_code"], row["old_name"], district)
    return UnitTree(tuple(units.values()))


def _former(code: str, name: str, parent: str) -> Unit:
    kind = next((kind for kind in _KINDS if name.lower().startswith(kind)), "")
    return Unit(code, name, kind, parent, valid_to=LAST_DAY)


_KINDS = ("thành phố", "thị xã", "thị trấn", "tỉnh", "huyện", "quận", "phường", "xã")


@cache
def national_successions() -> tuple[Succession, ...]:
    """Which commune took the place of which on 01/07/2025; of five island districts without communes, of the district.

    The shares of the 471 communes that were split are not known.
    """
    return tuple(
        Succession(
            old=row["old_code"] or row["old_district_code"],
            new=row["new_code"],
            date=FIRST_DAY,
            share=None if row["note"].startswith(SPLIT) else WHOLE,
            basis=BASIS,
            old_name=row["old_name"] or row["old_district"],
            new_name=row["new_name"],
        )
        for row in _rows(FORMER)
    )


def find_unit(place: str) -> Unit:
    """The province or commune of today that a code or name means; raises UnknownPlaceError."""
    found = current_tree().find(place)
    if found is None:
        raise UnknownPlaceError(
            f"Không có (hoặc có nhiều) tỉnh, xã “{place}” trong danh mục từ 01/07/2025; "
            "ghi mã, hoặc tên kèm tỉnh, ví dụ “xã Kép, tỉnh Bắc Ninh”."
        )
    return found


def units_of(place: str) -> tuple[list[Unit], list[Succession]]:
    """A province with its communes, or a commune, with the former units whose place they took and the successions."""
    tree = current_tree()
    top = find_unit(place)
    today = [top, *tree.leaves(top.code)] if tree.level(top.code) == PROVINCE else [Unit(*_alone(top))]
    codes = {unit.code for unit in today if tree.level(unit.code) == COMMUNE}
    successions = [one for one in national_successions() if one.new in codes]
    former = former_tree()
    before = {unit.code: unit for one in successions for unit in former.path(one.old)}
    return [*today, *sorted(before.values(), key=lambda unit: (former.depth(unit.code), unit.code))], successions


def _alone(unit: Unit) -> tuple[str, str, str, str, dt.date | None, dt.date | None]:
    """A commune as the root of its own list."""
    return (unit.code, unit.name, unit.kind, "", unit.valid_from, unit.valid_to)
