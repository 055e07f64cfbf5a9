"""The figures of active returns, for the rules that compare with earlier months."""

import polars as pl

from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.releasing.cells import NOTHING, cells_of
from pipelines.releasing.code_version import code_version
from pipelines.releasing.release_file import known
from schemas.cells import Cells
from schemas.typed import types_of


def history(home: Home, entries: Entries, trusts: frozenset[str] | None) -> pl.DataFrame:
    """Cells of some or all trusts' active returns: `schemas.cells`, trust_code and month."""
    active = [r for r in entries.active if trusts is None or r.trust_code in trusts]
    # The release has every trust's cells: for some trusts, their few files are read sooner.
    read_before = known(home.releases, code_version()) if trusts is None else NOTHING
    sent = cells_of(home.archive, active, read_before)
    ward_code = pl.col("ward_id").str.slice(pl.col("trust_code").str.len_chars() + 1)
    return sent.with_columns(ward_code=ward_code).select(*types_of(Cells), "trust_code", "month")
