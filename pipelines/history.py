"""The figures of active returns, for the rules that compare with earlier months."""

import polars as pl

from pipelines.keeping.damaged import DamagedRows
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.releasing.cells import cells_of
from schemas.cells import Cells
from schemas.typed import types_of


def history(home: Home, entries: Entries, trusts: frozenset[str] | None) -> pl.DataFrame:
    """Cells of some or all trusts' active returns: `schemas.cells`, trust_code and month.

    Damaged returns are left out: nothing is compared with them.
    """
    active = [r for r in entries.active if trusts is None or r.trust_code in trusts]
    try:
        sent = cells_of(home.archive, active)
    except DamagedRows as found:
        return history(home, entries.without(found.returns), trusts)
    ward_code = pl.col("ward_id").str.slice(pl.col("trust_code").str.len_chars() + 1)
    return sent.with_columns(ward_code=ward_code).select(*types_of(Cells), "trust_code", "month")
