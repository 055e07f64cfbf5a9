from datetime import date

import pandera.errors
import polars as pl
import pytest

from schemas.release import TABLES

DESIGN = {
    "release", "trusts", "wards", "returns", "cells", "queries", "events", "observations",
    "points", "signals", "comparisons", "peer_bands", "charters", "standards", "foundations",
    "completeness",
}  # fmt: skip


def test_every_promised_table_is_in_the_contract():
    assert set(TABLES) >= DESIGN


def test_peer_bands_name_no_ward_or_trust():
    columns = set(TABLES["peer_bands"].to_schema().columns)
    assert not columns & {"ward_id", "trust_code", "unit_id", "numerator", "denominator"}


def test_a_state_that_is_not_in_the_contract_is_refused():
    row = {
        "peer_group": "acute-female", "peer_group_name": "Acute", "measure": "SS-O1",
        "month": date(2026, 1, 1), "wards": None, "left_out": None, "state": "hidden",
        "suppression_reason": None,
    }  # fmt: skip
    row |= {f"p{d}0": None for d in range(1, 10)}
    kinds = {name: c.dtype.type for name, c in TABLES["peer_bands"].to_schema().columns.items()}
    good = pl.DataFrame([{**row, "state": "suppressed"}], schema=kinds)
    assert TABLES["peer_bands"].validate(good).height == 1
    with pytest.raises(pandera.errors.SchemaError, match="state"):
        TABLES["peer_bands"].validate(good.with_columns(state=pl.lit("hidden")))
