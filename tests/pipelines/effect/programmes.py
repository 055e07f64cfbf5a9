"""Fictional programmes in tidy files, and edits to them."""

from pathlib import Path

import numpy as np
import polars as pl

HEADER = "unit,cluster,period,numerator,denominator,adopted"


def month_of(place: int) -> str:
    return f"{2024 + place // 12}-{place % 12 + 1:02d}-01"


def programme(effect: float = 0.15, *, trusts: int = 24, seed: int = 1) -> pl.DataFrame:
    """Two wards in each trust, 18 months, 20 answers a month; every sixth trust never starts."""
    random = np.random.default_rng(seed)
    rows = []
    for trust in range(trusts):
        start = None if trust % 6 == 5 else 4 + trust % 11
        for ward in "AB":
            level = 0.6 + random.normal(0, 0.05)
            for month in range(18):
                gain = effect if start is not None and month >= start else 0
                yes = random.binomial(20, level + gain + 0.01 * np.sin(month))
                adopted = None if start is None else month_of(start)
                code = f"Z{trust + 1:02d}"
                rows.append((f"{code}-{ward}", code, month_of(month), yes, 20, adopted))
    return pl.DataFrame(rows, schema=HEADER.split(","), orient="row")


def saved(frame: pl.DataFrame, folder: Path, name: str = "effect.csv") -> Path:
    path = folder / name
    frame.write_csv(path)
    return path


def text_file(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "effect.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path
