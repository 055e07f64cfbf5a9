"""A release of a programme in which wards started things in different months.

The figures are those of `tests.pipelines.effect.programmes.programme`: two wards in each of 24
trusts. Their charters come in one trust after the other, and so does their training, in an order
that has nothing to do with the figures. Two trusts had building work.
"""

from datetime import date

import polars as pl

from schemas.release import TABLES
from tests.dashboard import tiny_release
from tests.pipelines.effect.programmes import programme

FIRST, LAST = date(2024, 1, 1), date(2025, 6, 1)
MEASURES = ("SS-O1", "SS-I1")  # patients who feel safe; incidents, of which every one is one


def tables(figures: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    """Every table of a release; `figures` are those of a file for `feeling-safe effect`."""
    found = _dated(programme(0.15) if figures is None else figures)
    made = tiny_release.frames() | started(figures)
    wards = found.unique("unit", maintain_order=True)
    made["wards"] = _table("wards", [_ward(*names) for names in _named(wards)])
    made["trusts"] = _table("trusts", [_trust(code) for code in wards["cluster"].unique().sort()])
    made["release"] = made["release"].with_columns(first_month=pl.lit(FIRST), data_to=pl.lit(LAST))
    return made


def started(figures: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    """Those of its tables that say what was started where, and what figures came with it."""
    found = _dated(programme(0.15) if figures is None else figures)
    wards = found.unique("unit", maintain_order=True)
    return {
        "observations": _table("observations", _observations(found)),
        "charters": _table("charters", _charters(found)),
        "events": _table("events", _events(wards)),
        "points": _table("points", _points(found)),
    }


def _dated(figures: pl.DataFrame) -> pl.DataFrame:
    return figures.with_columns(pl.col("period", "adopted").str.to_date())


def _table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    return tiny_release.frame(TABLES[name], rows)


def _named(wards: pl.DataFrame) -> list[tuple[str, str]]:
    return wards.select("unit", "cluster").rows()


def _observations(found: pl.DataFrame) -> list[dict[str, object]]:
    return [
        {
            "level": "ward",
            "unit_id": row["unit"],
            "trust_code": row["cluster"],
            "measure": measure,
            "month": row["period"],
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            "value": None
            if row["numerator"] is None
            else row["numerator"] / (row["denominator"] or 1),
            "state": "missing" if row["numerator"] is None else "value",
            "wards": 1,
            "wards_expected": 1,
            "provisional": False,
            "queried": False,
        }
        for row in found.iter_rows(named=True)
        for measure in MEASURES
    ]


def _points(found: pl.DataFrame) -> list[dict[str, object]]:
    """Charts of patients who feel safe: on every other ward better soon after its charter."""
    return [
        {
            "level": "ward",
            "unit_id": row["unit"],
            "trust_code": row["cluster"],
            "measure": MEASURES[0],
            "month": row["period"],
            "months": 1,
            "value": row["numerator"] / row["denominator"],
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            "chart": "xmr",
            "kind": "improvement" if _better(row) else "common",
            "state": "value",
        }
        for row in found.iter_rows(named=True)
        if row["numerator"] is not None and row["denominator"]
    ]


def _better(row: dict[str, object]) -> bool:
    helped = row["adopted"] is not None and row["unit"].endswith("A")
    return helped and row["period"] > row["adopted"]


def _charters(found: pl.DataFrame) -> list[dict[str, object]]:
    rows = []
    for row in found.iter_rows(named=True):
        in_place = row["adopted"] is not None and row["period"] >= row["adopted"]
        rows.append(
            {
                "ward_id": row["unit"],
                "trust_code": row["cluster"],
                "month": row["period"],
                "stage": "displayed" if in_place else "drafting",
                "coproduced_patients": True,
                "in_place": in_place,
                "current": in_place,
                "return_id": f"{row['cluster']}/{row['period']:%Y-%m}/1",
            }
        )
    return rows


def _events(wards: pl.DataFrame) -> list[dict[str, object]]:
    """Training by ward or whole trust, one month after another, and building work in two trusts."""
    rows = []
    for place, (ward, trust) in enumerate(_named(wards)):
        by_trust = place % 4 == 0
        month = date(2024, 5 + place * 5 % 8, 1)
        if place % 4 != 1:
            at = ("trust", trust) if by_trust else ("ward", ward)
            rows.append(_event(*at, trust, "training", month))
        if trust in ("Z03", "Z04"):
            rows.append(_event("ward", ward, trust, "building", date(2024, 9, 1)))
    return rows


def _event(level: str, unit: str, trust: str, kind: str, month: date) -> dict[str, object]:
    return {
        "event_id": f"{unit}-{kind}",
        "level": level,
        "unit_id": unit,
        "trust_code": trust,
        "day": month.replace(day=10),
        "month": month,
        "kind": kind,
        "label": f"{kind} at {unit}",
        "source": "a return",
    }


def _ward(ward: str, trust: str) -> dict[str, object]:
    return {
        "ward_id": ward,
        "trust_code": trust,
        "ward_code": ward[-1],
        "ward_name": f"Ward {ward[-1]} of {trust}",
        "peer_group": "acute-female",
        "peer_group_name": "Acute, female",
        "in_collaborative": "yes",
        "valid_from": date(2020, 1, 1),
        "open_from": date(2020, 1, 1),
        "current_ward_id": ward,
        "current_trust_code": trust,
    }


def _trust(code: str) -> dict[str, object]:
    return {
        "trust_code": code,
        "trust_name": f"Trust of {code}",
        "region_code": "Y56",
        "region": "London",
        "joined": date(2020, 1, 1),
        "valid_from": date(2020, 1, 1),
        "current_code": code,
    }
