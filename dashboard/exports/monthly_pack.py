"""The monthly pack: what a board reads about the programme, one group or one trust.

An edition of exact figures has limits, signals, ambitions and the wards that changed; the edition
for sharing has what the masked table has.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard.exports import pack_exact, pack_shared, running_sums
from dashboard.exports.figures import group_name
from dashboard.exports.html_document import Report
from dashboard.exports.masked import Ask
from dashboard.exports.order import CannotMake, Order
from dashboard.exports.pack_exact import CONFIDENT, Subject
from dashboard.queries.organisations import wards
from dashboard.queries.series import coverage
from dashboard.words import caveats
from schemas import wording
from schemas.disclosure import FOR_SHARING
from schemas.measures import Measure
from schemas.programme import Programme

_NOTHING = "There are no figures here of the whole programme or of this trust: choose another one."
_FOR_SHARING = f"Hidden figures are marked [c]. {FOR_SHARING}"


def pack(
    ask: Ask,
    facts: Mapping[str, object],
    measures: Sequence[Measure],
    order: Order,
    for_sharing: pl.DataFrame | None,
    programme: Programme,
) -> Report:
    """The pack of the core measures and of staff confidence, for a file to be made from.

    `ask` runs queries in the scope of the person who ordered, and `facts` is the release's own row.
    `for_sharing` is the whole table, masked for its audience (`masked.observations`), and is given
    exactly if the order is for sharing; raises CannotMake if the person has no such pack.
    """
    subject = _subject(ask, order)
    used = [measure for measure in measures if measure.status != "archived"]
    if for_sharing is None:
        front, sections = _exact(ask, facts, used, subject, programme)
    else:
        front, sections = _shared(for_sharing, used, subject)
    whole = str(facts["programme"])
    whose = whole if subject.whole else f"{subject.name}, {whole}"
    return Report(
        f"{whose}, {wording.month_of(facts['data_to'])}",
        facts["built_at"],
        tuple(_lead(facts, for_sharing is not None)),
        tuple(_notices(facts, for_sharing is not None, subject)),
        sections,
        front,
    )


def _subject(ask: Ask, order: Order) -> Subject:
    level, unit = order.unit
    if level == "programme":
        return Subject(level, unit, "the whole programme")
    if level == "group":
        return Subject(level, unit, group_name(ask, unit))
    found = ask(wards, trust=unit)
    if level != "trust" or found.is_empty():
        raise CannotMake(f"There is no {level} {unit} here: choose another one.")
    return Subject(level, unit, str(found["trust_name"][0]))


def _exact(ask, facts, measures, subject, programme):
    if measures and subject.whole and ask(coverage, level=subject.level).is_empty():
        raise CannotMake(_NOTHING)
    chosen = _chosen(measures)
    aims = pack_exact.how_far(ask, subject, [m for m in measures if not m.restricted])
    now = pack_exact.signals_now(ask, subject, chosen)
    core = [measure for measure in chosen if measure.core]
    others = [measure for measure in chosen if not measure.core]
    front = pack_exact.front(ask, subject, chosen, now, aims, facts)
    sums = running_sums.sections(ask, subject, core, programme, now.subject)
    charts = [
        section
        for measure in core
        for section in (pack_exact.chart(ask, subject, measure, now), sums.get(measure.id))
        if section is not None
    ]
    confident = [pack_exact.confidence(ask, subject, measure, now) for measure in others]
    # Foundations are worked out for trusts and the programme.
    last = [] if subject.group else [pack_exact.foundations(ask, subject)]
    rest = (*confident, *last)
    return front, (pack_exact.who_changed(ask, subject, chosen, now), *charts, *rest)


def _shared(figures, measures, subject):
    mine = figures.filter((pl.col("level") == subject.level) & (pl.col("unit_id") == subject.unit))
    if measures and mine.is_empty():
        raise CannotMake(_NOTHING)
    sent = set(mine["measure"].unique())
    known = [measure for measure in _chosen(measures) if measure.id in sent]
    charts = pack_shared.charts(mine, known, subject.name)
    return pack_shared.front(mine, known), charts


def standing_out(ask: Ask, measures: Sequence[Measure], order: Order) -> list[tuple[str, str, str]]:
    """What a pack says stands out now: the unit, the measure and how it varies."""
    used = [measure for measure in measures if measure.status != "archived"]
    return pack_exact.standing_out_in(ask, Subject(*order.unit, ""), _chosen(used))


def _chosen(measures: Sequence[Measure]) -> list[Measure]:
    """The measures a pack has a chart of: the core ones, and whether staff feel confident."""
    return [measure for measure in measures if measure.core or measure.id == CONFIDENT]


def _lead(facts: Mapping[str, object], shared: bool) -> list[str]:
    built = f"Figures built at {wording.moment(facts['built_at'])}, release {facts['release_id']}."
    use = "Management information for improvement, not official statistics."
    return [f"{built} {use}", *([_FOR_SHARING] if shared else [])]


def _notices(facts: Mapping[str, object], shared: bool, subject: Subject) -> list[str]:
    notices = caveats.made_up(facts)
    notices += [caveats.known_on(facts)] if facts["as_at"] else []
    if not shared:
        whom = "the programme team" if subject.whole else subject.name
        notices.append(f"Contains small numbers: for {whom}, do not share.")
    return notices
