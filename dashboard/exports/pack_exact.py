"""What a pack of exact figures says about the programme, one group or one trust."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from dashboard.charts import bars, icons, process, table
from dashboard.exports.chart_pictures import picture
from dashboard.exports.html_document import Picture, Section
from dashboard.exports.masked import Ask
from dashboard.exports.ward_sheet import FELT
from dashboard.queries.charters import adoption, foundations_now
from dashboard.queries.engagement import trusts_now
from dashboard.queries.groups import groups, returns_of
from dashboard.queries.organisations import wards
from dashboard.queries.returns import returns_grid
from dashboard.queries.series import ambitions, coverage, events, series, signals, standing_out
from dashboard.queries.windows import first_and_last
from dashboard.words import alt, caveats, engagement, headlines, questions, titles
from dashboard.words import ambitions as ambition_words
from schemas import wording
from schemas.measures import Measure

HEADLINE = "The headline"
IN_FIGURES = "In figures"
WHO_CHANGED = "Who changed"
NEXT = "What to ask next"
CONFIDENT = "SS-P3"
HEIGHT = 240  # two charts on a page of the PDF
_MOST = 40  # changes listed: more would be a table to look up, and the screen has one
_CHANGED = (
    table.Column("ward", "Ward", row_header=True),
    table.Column("trust", "Trust"),
    table.Column("measure", "Measure"),
    table.Column("variation", "What it shows now"),
    table.Column("latest", "Latest"),
)


@dataclass(frozen=True)
class Subject:
    """Whom a pack is about: the programme, a group or a trust, and its name in sentences."""

    level: str
    unit: str
    name: str

    @property
    def trust(self) -> str | None:
        """The trust that questions to the release are limited to; None for larger units."""
        return self.unit if self.level == "trust" else None

    @property
    def group(self) -> str | None:
        """The group that they are limited to, if it is one."""
        return self.unit if self.level == "group" else None

    @property
    def whole(self) -> bool:
        """Whether it is the whole programme."""
        return self.level == "programme"


@dataclass(frozen=True)
class Signals:
    """The signals that a pack shows, each asked for once: its subject’s and its open wards’, and
    `changed`, those of wards whose latest month stands out, as the screens list them."""

    subject: pl.DataFrame
    wards: pl.DataFrame
    changed: pl.DataFrame

    def of_wards(self, ids: Sequence[str]) -> pl.DataFrame:
        """Those of the wards, of some measures."""
        return self.wards.filter(pl.col("measure").is_in(ids))


def signals_now(ask: Ask, subject: Subject, measures: Sequence[Measure]) -> Signals:
    """The signals of some measures: of the subject, and of all that are open of its wards."""
    mine, every = _signals(ask, subject, measures)
    own = _wards(ask, subject)
    changed = ask(standing_out, measures=_judged(measures), trust=subject.trust)
    changed = changed.join(own, on="unit_id", how="semi", maintain_order="left")
    return Signals(mine, every, changed)


def _signals(
    ask: Ask, subject: Subject, measures: Sequence[Measure]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    ids = tuple(measure.id for measure in measures)
    mine = ask(signals, level=subject.level, units=(subject.unit,), measures=ids)
    every = ask(signals, level="ward", measures=ids, open_only=True)
    own = every if subject.whole else every.join(_wards(ask, subject), on="unit_id", how="semi")
    return mine, own


def about(measure: Measure) -> dict[str, object]:
    """A measure as a row of the release has it."""
    return {**measure.model_dump(), "measure": measure.id, "multiplier": measure.multiplier}


def front(
    ask: Ask,
    subject: Subject,
    measures: Sequence[Measure],
    found: Signals,
    aims: Sequence[str],
    facts: Mapping[str, object],
) -> tuple[Section, ...]:
    """The headline page: what a board must know, and what it can ask.

    `measures` are those of the pack, `found` their signals, `aims` the sentences about ambitions
    (`how_far`); returns are due on the day the release was built.
    """
    now, data_to, today = found.subject, facts["data_to"], facts["built_at"].date()
    grid = ask(returns_grid, today=today, trust=subject.trust)
    if subject.group:
        grid = ask(returns_of, group=subject.group, today=today)
    missing = grid.filter(pl.col("state") == "missing").height
    asked = questions.to_ask(questions.Known(now, found.changed, missing))
    return (
        Section(HEADLINE, (_headline(ask, subject, measures, now),)),
        Section(IN_FIGURES, table=_in_figures(now), in_place=True),
        *([Section("Ambitions", tuple(aims))] if aims else []),
        Section(
            "Charters, engagement and returns" if subject.whole else "Returns",
            tuple(_sent(ask, subject, grid, data_to, today)),
        ),
        Section(NEXT, points=asked),
    )


def who_changed(ask: Ask, subject: Subject, measures: Sequence[Measure], now: Signals) -> Section:
    """The wards whose latest month stands out, concerns first, as the screens list them."""
    felt = [measure for measure in measures if measure.id in FELT]
    said = [_changes(ask, measure, now) for measure in felt]
    found = now.changed
    chance = headlines.chance(now.of_wards(_judged(measures)), "result")
    if found.is_empty():
        return Section(WHO_CHANGED, (*said, "No ward’s latest month stands out."))
    columns = [column for column in _CHANGED if column.key != "trust" or subject.trust is None]
    more = found.height - _MOST
    note = f"{wording.counted(more, 'more change')} can be seen on screen." if more > 0 else ""
    listed = [_change(row) for row in found.head(_MOST).iter_rows(named=True)]
    caption = "Wards whose latest month stands out"
    tabled = table.Table(caption, columns, listed)
    return Section(WHO_CHANGED, tuple(said), table=tabled, notes=(chance, note), in_place=True)


def standing_out_in(
    ask: Ask, subject: Subject, measures: Sequence[Measure]
) -> list[tuple[str, str, str]]:
    """The unit, measure and variation of each signal that the pack shows as unusual."""
    mine, every = _signals(ask, subject, measures)
    judged = every.filter(pl.col("measure").is_in(_judged(measures)))
    now = pl.concat(frame.select("unit_id", "measure", "variation") for frame in (mine, judged))
    unusual = pl.col("variation").is_not_null() & (pl.col("variation") != "common")
    return now.filter(unusual).rows()


def chart(ask: Ask, subject: Subject, measure: Measure, now: Signals) -> Section:
    """Everything that one measure shows: its sentence, its chart with limits, signals and aims."""
    plain, units = about(measure), {"level": subject.level, "units": (subject.unit,)}
    points = ask(series, measure=measure.id, **units)
    found = now.subject.filter(measure=measure.id)
    signal = None if found.is_empty() else found.row(0, named=True)
    happened = ask(events, unit=subject.unit, measure=measure.id, trust=subject.trust)
    aimed = ask(ambitions, level=subject.level, unit=subject.unit, measure=measure.id)
    far = [ambition_words.sentence(row, plain) for row in aimed.iter_rows(named=True)]
    described = alt.process(subject.name, points, plain, signal, far)
    sentences = [str(signal["sentence"]), *far] if signal else []
    return Section(
        measure.name,
        (*sentences, titles.direction(plain)),
        drawn(
            process.spec(process.reading(plain), height=HEIGHT),
            process.rows(points, plain, happened, aimed),
            described,
        ),
        table.of_points(f"{measure.name}, {subject.name}", points, plain, ambitions=aimed),
        (
            caveats.caveat(caveats.kind_of(signal)).cannot,
            caveats.clipped(measure.unit, points),
        ),
        flags=_flags(happened),
    )


def confidence(ask: Ask, subject: Subject, measure: Measure, now: Signals) -> Section:
    """How confident staff are: the chart, and how many wards changed."""
    made = chart(ask, subject, measure, now)
    changed = headlines.changed(now.of_wards([measure.id]), about(measure))
    return replace(made, heading="Staff confidence", sentences=(*made.sentences, changed))


def foundations(ask: Ask, subject: Subject) -> Section:
    """How many wards have each of the four foundations in place."""
    found = ask(foundations_now, level=subject.level)
    rows = bars.foundation_rows(found.filter(pl.col("unit_id") == subject.unit))
    each = [str(row["heading"]).replace("\n", " ") for row in rows if row["low"] == 0]
    described = f"Bar chart of the four foundations for good practice. {'; '.join(each)}."
    return Section(
        "The four foundations for good practice",
        (),
        drawn(bars.foundations(), rows, described) if rows else None,
        notes=(caveats.caveat("foundations").cannot,),
    )


def how_far(ask: Ask, subject: Subject, measures: Sequence[Measure]) -> list[str]:
    """A sentence for each ambition of these measures, as the Overview has them."""
    known = {measure.id: about(measure) for measure in measures}
    if subject.whole:
        names = ambition_words.named(ask(wards), ask(groups))
        return ambition_words.every(ask(ambitions), known, names)
    return ambition_words.of_unit(ask(ambitions, level=subject.level, unit=subject.unit), known)


def drawn(
    spec: Mapping[str, object], rows: Sequence[Mapping[str, object]], described: str
) -> Picture:
    """A chart as the picture of a section."""
    return Picture(picture(spec, rows, "svg", alt=described, width=820).decode(), described)


def _judged(measures: Sequence[Measure]) -> tuple[str, ...]:
    """The measures whose changes are listed: the same as on the Overview."""
    return tuple(m.id for m in measures if m.core and m.unit != "count")


def _wards(ask: Ask, subject: Subject) -> pl.DataFrame:
    """The wards that a pack is about, as they are now: unit_id."""
    return ask(wards, trust=subject.trust, group=subject.group).select(unit_id="ward_id")


def _headline(ask: Ask, subject: Subject, measures: Sequence[Measure], now: pl.DataFrame) -> str:
    """Do people feel safe? The same sentence as at the top of the screen."""
    if now.is_empty() and not subject.whole:
        return headlines.NO_TOTAL
    rows = {row["measure"]: row for row in now.iter_rows(named=True)}
    pair = [measure for measure in measures if measure.id in FELT]
    patients = (pl.col("unit_id") == subject.unit) & (pl.col("measure") == next(iter(FELT)))
    counted = ask(coverage, level=subject.level).filter(patients)
    answered = counted.select("wards", "wards_expected").row(0) if counted.height else None
    return headlines.feeling_safe(
        [about(measure) for measure in pair], [rows.get(measure.id) for measure in pair], answered
    )


def _in_figures(now: pl.DataFrame) -> table.Table:
    columns = [
        table.Column("measure", "Measure", row_header=True),
        table.Column("latest", "Latest"),
        table.Column("says", "What it shows now"),
    ]
    rows = [
        {
            "measure": row["name"],
            "latest": titles.latest(row, row),
            "says": wording.starting(titles.says(row)),
        }
        for row in now.iter_rows(named=True)
    ]
    return table.Table(IN_FIGURES, columns, rows)


def _sent(ask: Ask, subject: Subject, grid: pl.DataFrame, data_to: date, today: date) -> list[str]:
    said = [headlines.returns(grid, data_to)]
    if not subject.whole:
        return said
    taking_part = engagement.headline(ask(trusts_now, today=today))
    return [headlines.charters(ask(adoption)), taking_part, *said]


def _changes(ask: Ask, measure: Measure, found: Signals) -> str:
    halves, now = ask(first_and_last, measure=measure.id), found.of_wards([measure.id])
    return headlines.changes(
        now, halves.filter(pl.col("unit_id").is_in(now["unit_id"].implode())), about(measure)
    )


def _change(row: Mapping[str, object]) -> dict[str, object]:
    return {
        "ward": row["ward_name"],
        "trust": row["trust_name"],
        "measure": row["short_name"],
        "variation": icons.variation(row).words,
        "latest": titles.latest(row, row),
    }


def _flags(happened: pl.DataFrame) -> tuple[str, ...]:
    """What each numbered flag on a chart means."""
    return tuple(
        f"{number} {wording.listed(group['label'].to_list())} "
        f"({wording.month_of(group['month'][0])})"
        for number, group in process.flags(happened)
    )
