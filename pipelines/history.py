"""The figures of active returns, for the rules that compare with earlier months."""

from collections.abc import Callable

import polars as pl

from pipelines.keeping.damaged import DamagedRows
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.releasing.cells import cells_of
from schemas.cells import Cells
from schemas.receipts import Receipt
from schemas.typed import types_of


def history(home: Home, entries: Entries, trusts: frozenset[str] | None) -> pl.DataFrame:
    """Cells of some or all trusts' active returns: `schemas.cells`, trust_code and month.

    Damaged returns are left out: nothing is compared with them.
    """
    return _cells(home, entries, trusts, lambda now: now.active).drop("return_id")


def baselines(home: Home, entries: Entries, trusts: frozenset[str] | None) -> pl.DataFrame:
    """The same of the baselines in use, which one that is sent again is compared with.

    Each cell has the `return_id` it belongs to.
    """
    return _cells(home, entries, trusts, lambda now: now.baselines_in_use)


def _cells(
    home: Home,
    entries: Entries,
    trusts: frozenset[str] | None,
    of: Callable[[Entries], tuple[Receipt, ...]],
) -> pl.DataFrame:
    wanted = [r for r in of(entries) if trusts is None or r.trust_code in trusts]
    try:
        sent = cells_of(home.archive, wanted)
    except DamagedRows as found:
        return _cells(home, entries.without(found.returns), trusts, of)
    ward_code = pl.col("ward_id").str.slice(pl.col("trust_code").str.len_chars() + 1)
    return sent.with_columns(ward_code=ward_code).select(
        *types_of(Cells), "trust_code", "month", "return_id"
    )
