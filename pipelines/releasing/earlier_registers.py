"""Finds what earlier registers gave out, so that today's totals don't give away what they hid.

When trusts or wards merge, move or are corrected, past months are counted again under the trust and
ward of today. Anyone who kept an earlier table then has two totals of almost the same wards, and
the difference between them. So a total of today that overlaps with a different one that was shown
before is hidden, and what was hidden then stays hidden under today's name.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from pipelines.keeping.entries import Entries
from pipelines.registers.register import Register
from pipelines.releasing.sources import Sources
from pipelines.releasing.trusts_and_wards import trusts, wards, wards_by_month
from schemas.disclosure import KEY, mask, suppressed_keys, with_years
from schemas.london_time import london_day
from schemas.measures import Measure
from schemas.periods import Month
from schemas.programme import DisclosurePolicy
from schemas.release import Suppressed
from schemas.sums import year_end
from schemas.typed import empty

_PLACE = ["ward_id", "month", "current_ward_id", "current_trust_code", "expected"]
_UNIT = ["level", "unit_id", "month"]


@dataclass(frozen=True)
class Moment:
    """A register as it placed trusts and wards on a `day`, and `until` when."""

    register: Register
    day: date
    until: date


def earlier_registers(
    entries: Entries, version: Callable[[int], Register], today: date
) -> Iterator[Moment]:
    """Every register there was, on every day on which trusts or wards changed by it."""
    saved = [(london_day(receipt.received_at), receipt.version) for receipt in entries.registers]
    days = [*(day for day, _ in saved[1:]), today] if saved else []
    for (since, number), until in zip(saved, days, strict=True):
        register = version(number)
        ends = {
            end + timedelta(days=1)
            for frame in (register.trusts, register.wards)
            for end in frame["valid_to"].drop_nulls()
        }
        begins = sorted({since, *(end for end in ends if since < end <= until)})
        for day, end in zip(begins, [*begins[1:], until], strict=True):
            yield Moment(register, day, end)


@dataclass(frozen=True)
class Placed:
    """Wards by month under one register (`wards_by_month`), and the months they `sent`."""

    grid: pl.DataFrame
    sent: pl.DataFrame

    def members(self) -> pl.DataFrame:
        """The wards, as they sent, that each figure is made of: level, unit_id, month, ward_id."""
        sent = self.sent.select("ward_id", "month").unique()
        wards = self.grid.filter(pl.col("current_ward_id").is_not_null())
        wards = wards.join(sent, on=["ward_id", "month"], how="semi")
        units = {
            "ward": (wards, pl.col("current_ward_id")),
            "trust": (wards.filter("expected"), pl.col("current_trust_code")),
            "programme": (wards.filter("expected"), pl.lit("programme")),
        }
        return pl.concat(
            rows.select(level=pl.lit(level), unit_id=unit, month="month", ward_id="ward_id")
            for level, (rows, unit) in units.items()
        )


@dataclass(frozen=True)
class Otherwise:
    """Figures, and peer groups in a month, that an earlier register makes it necessary to hide."""

    figures: pl.DataFrame
    groups: pl.DataFrame


class Placement(NamedTuple):
    """Wards by month (`wards_by_month`) as they were placed until a day."""

    grid: pl.DataFrame
    until: date


def placed_otherwise(then: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """The part of a grid that is about trusts with a ward that another grid places otherwise."""
    columns = pl.concat([then.select(_PLACE), today.select(_PLACE)])
    changed = columns.filter(~columns.is_duplicated())["ward_id"].unique().implode()
    either = columns.filter(pl.col("ward_id").is_in(changed))
    trusts = either["current_trust_code"].drop_nulls().unique().implode()
    return then.filter(
        pl.col("current_trust_code").is_in(trusts) | pl.col("ward_id").is_in(changed)
    )


def earlier_placements(sources: Sources, today: pl.DataFrame) -> list[Placement]:
    """Every grid there was by an earlier register and that isn't today's, each once.

    One that was in force several times, as a change was undone, has the last of its days.
    Raises RegisterError if a version of the register is damaged: what it gave out can't be known.
    """
    version, found = sources.archive.register_version, dict[int, Placement]()
    for each in sources.entries.damaged:
        if each.kind == "register":
            version(each.version)
    for moment in earlier_registers(sources.entries, version, sources.day):
        of_trusts = trusts(moment.register, moment.day)
        of_wards = wards(moment.register, moment.day)
        grid = wards_by_month(of_wards, of_trusts, sources.programme, sources.months)
        if not grid.equals(today):
            same = (number for number, each in found.items() if grid.equals(each.grid))
            found[next(same, len(found))] = Placement(grid, moment.until)
    return list(found.values())


def hidden_since(
    sources: Sources,
    placements: Sequence[Placement],
    now: Placed,
    observed: Callable[[pl.DataFrame], pl.DataFrame],
    when: pl.Expr,
) -> Otherwise:
    """What must be hidden because trusts and wards were once placed otherwise than `now`.

    `observed` gives the observations of today's cells for a grid. Figures are those of the months
    for which `when` holds, and of the years that end in them; peer groups those of every month.
    """
    policy = sources.programme.disclosure
    keys, groups = [empty(Suppressed)], [now.grid.select("peer_group", "month").clear()]
    for grid, until in placements:
        came = _came(sources.entries, until)
        then = Placed(grid, now.sent.join(came, on=["trust_code", "month"], how="semi"))
        groups.append(regrouped(then, now))
        part, differing = (
            wards.filter(when).join(then.sent, on=["ward_id", "month"], how="semi")
            for wards in (grid, placed_otherwise(grid, now.grid))
        )
        if differing.height:
            keys.append(given_out_before(then, now, observed(part), sources.measures, policy))
    return Otherwise(pl.concat(keys).unique(), pl.concat(groups).unique())


def _came(entries: Entries, until: date) -> pl.DataFrame:
    """The trusts and months of which a return had come by the end of a day."""
    rows = [
        (receipt.trust_code, Month.parse(receipt.month).first_day)
        for receipt in entries.receipts
        if london_day(receipt.received_at) <= until
    ]
    return pl.DataFrame(rows, {"trust_code": pl.String, "month": pl.Date}, orient="row").unique()


def given_out_before(
    then: Placed,
    now: Placed,
    observations: pl.DataFrame,
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
) -> pl.DataFrame:
    """The keys of today's figures that an earlier register makes it necessary to hide.

    `observations` are those under the register then. Figures of trusts and wards are those of the
    trusts that are placed otherwise today.
    """
    masked = mask(with_years(observations, measures), measures, policy, "public")
    before, after = then.members(), now.members()
    whole = pl.col("level") == "programme"  # returns that came later make it another total anyway
    sent_then = Placed(now.grid, then.sent).members()
    after = pl.concat([after.filter(~whole), sent_then.filter(whole)])
    names = ["level", "month", "ward_id"]
    pairs = before.join(after, on=names, suffix="_now").select(*_UNIT, "unit_id_now").unique()
    pairs = (
        pairs.join(_sets(before, "then"), on=_UNIT)
        .join(
            _sets(after, "now"),
            left_on=["level", "unit_id_now", "month"],
            right_on=_UNIT,
        )
        .with_columns(same=pl.col("then") == pl.col("now"))
    )
    years = pairs.group_by("level", "unit_id", "unit_id_now", month=year_end(pl.col("month"))).agg(
        pl.col("same").all(), months=pl.lit(12, pl.Int64)
    )
    columns = [*_UNIT, "months", "unit_id_now", "same"]
    every = pl.concat(
        [pairs.with_columns(months=pl.lit(1, pl.Int64)).select(columns), years.select(columns)]
    )
    differing = placed_otherwise(then.grid, now.grid)["current_trust_code"].unique().implode()
    mine = masked.filter(~whole, pl.col("trust_code").is_in(differing))
    other = mine.select(KEY).join(every.filter(~pl.col("same")), on=[*_UNIT, "months"])
    hidden = suppressed_keys(mine)
    kept = hidden.join(every.filter("same"), on=[*_UNIT, "months"])
    everyone = _whole_programme(then).join(_whole_programme(now), on=["month", "months", "wards"])
    of_all = suppressed_keys(masked.filter(whole)).join(
        everyone, on=["month", "months"], how="semi"
    )
    of_all = of_all.with_columns(unit_id_now="unit_id")
    totals = every.filter(whole, ~pl.col("same")).join(
        masked.select("measure").unique(), how="cross"
    )
    found = pl.concat([rows.select(*KEY, "unit_id_now") for rows in (other, kept, totals, of_all)])
    return found.with_columns(unit_id="unit_id_now").select(KEY).unique()


def _whole_programme(placed: Placed) -> pl.DataFrame:
    """The wards that the programme's figures of each month and year are made of."""
    months = _sets(placed.members().filter(pl.col("level") == "programme"), "wards").sort("month")
    years = months.group_by(month=year_end(pl.col("month")), maintain_order=True).agg(
        pl.col("wards").str.join(" | "), months=pl.lit(12, pl.Int64)
    )
    one = months.with_columns(months=pl.lit(1, pl.Int64))
    return pl.concat(frame.select("month", "months", "wards") for frame in (one, years))


def regrouped(then: Placed, now: Placed) -> pl.DataFrame:
    """The peer groups and months whose bands rest on wards that were in another group then."""
    columns = ["ward_id", "month", "peer_group"]
    both = pl.concat(
        [p.grid.join(then.sent, on=columns[:2], how="semi").select(columns) for p in (then, now)]
    )
    moved = both.filter(~both.is_duplicated()).join(
        then.grid.select("ward_id", "month"), on=columns[:2], how="semi"
    )
    later = moved.join(pl.DataFrame({"later": range(12)}), how="cross")
    month = pl.col("month").dt.offset_by(pl.format("{}mo", "later"))
    return later.select("peer_group", month=month).unique()


def _sets(members: pl.DataFrame, name: str) -> pl.DataFrame:
    """The wards of each unit and month, as one text."""
    return members.group_by(_UNIT).agg(pl.col("ward_id").sort().str.join(" ").alias(name))
