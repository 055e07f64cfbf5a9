"""Queries figures that differ from the ward's own past, in case of a slip."""

from collections.abc import Iterator
from datetime import date

from pipelines.checking.past import LONGEST_LOOK_BACK
from pipelines.checking.rules.exact_tests import same_proportion, same_rate
from pipelines.checking.rules.plausible import figures_of
from pipelines.checking.rules.return_status import counts_of
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.deadlines import dates_for
from schemas.problems import Problem
from schemas.returns import INCIDENT_COUNTS, OPTIONAL
from schemas.vocabularies import CHARTER_STAGE
from schemas.wording import counted, day_of, quoted, shown

RARE = 0.01  # chosen by benchmarks/chance_queries.py: decision 94
FEWEST_MONTHS = 6
SILENT_MONTHS = 3  # asked after three months without an incident, and every third month after that
LARGE_CHANGE = 5
_RIGHT = "If it is right, say what changed; otherwise correct it."
_SHARES = {"pt_safe": "pt_answered", "st_safe": "st_answered", "vs_safe": "vs_answered"}


def unlikely_share(sent: TypedReturn) -> Iterator[Problem]:
    """W03: far more or fewer people feel safe than in this ward's last 6 to 12 months."""
    for entry in sent.counted():
        for part, whole in _SHARES.items():
            before = sent.past.counts(entry["ward_code"] or "", part, whole)
            before = [pair for pair in before if pair[1]]
            possible = entry.filled(part, whole) and entry[part] <= entry[whole]
            if len(before) < FEWEST_MONTHS or not possible:
                continue
            then, of = sum(x for x, _ in before), sum(n for _, n in before)
            if same_proportion(entry[part], entry[whole], then, of) < RARE:
                yield entry.query(
                    "W03",
                    part,
                    f"{entry.title(part)} is {entry[part]} of {entry[whole]}; in the {len(before)} "
                    f"months before it was {shown(then)} of {shown(of)}. So large a change is "
                    "very unlikely by chance.",
                    _RIGHT,
                )


def unlikely_count(sent: TypedReturn) -> Iterator[Problem]:
    """W03: far more or fewer incidents for the bed days than in the last 6 to 12 months."""
    for entry in sent.counted():
        fields = (*INCIDENT_COUNTS, "occupied_bed_days")
        before = [row for row in sent.past.counts(entry["ward_code"] or "", *fields) if row[-1]]
        bed_days = entry["occupied_bed_days"]
        if len(before) < FEWEST_MONTHS or not bed_days:
            continue
        total = entry.count(*INCIDENT_COUNTS)
        then, days = sum(sum(row[:-1]) for row in before), sum(row[-1] for row in before)
        if same_rate(total, bed_days, then, days) < RARE:
            yield entry.query(
                "W03",
                "inc_harassment",
                f"{counted(total, 'incident')} in {shown(bed_days)} bed days; in the "
                f"{len(before)} months before it was {shown(then)} in {shown(days)}. So large a "
                "change is very unlikely by chance.",
                _RIGHT + " A rise can mean that more is reported.",
            )


def silent(sent: TypedReturn) -> Iterator[Problem]:
    """W05: no incident reported for three months or more."""
    for entry in sent.counted():
        months = _months_without(entry, sent)
        long = months > LONGEST_LOOK_BACK
        asked = (sent.month.number if long else months) % SILENT_MONTHS == 0
        if months and asked:
            since = f"more than {LONGEST_LOOK_BACK}" if long else str(months)
            yield entry.query(
                "W05",
                "inc_harassment",
                f"Ward {entry['ward_code']} has reported no incident for {since} months.",
                "If nothing happened, confirm it. Ask the ward team whether everything that "
                "happens is reported.",
            )


def _months_without(entry: TypedRow, sent: TypedReturn) -> int:
    """Months in a row, this one included, in which 0 incidents were sent."""
    if entry.count(*INCIDENT_COUNTS):
        return 0
    for ago in range(1, LONGEST_LOOK_BACK + 1):
        counts = [
            sent.past.value(ago, "monthly", entry["ward_code"], field) for field in INCIDENT_COUNTS
        ]
        if any(counts) or None in counts:
            return ago
    return LONGEST_LOOK_BACK + 1


def copied_row(sent: TypedReturn) -> Iterator[Problem]:
    """W06: exactly the same figures as last month."""
    for entry in sent.counted():
        before = tuple(
            sent.past.value(1, "monthly", entry["ward_code"], field) for field in counts_of()
        )
        if figures_of(entry) == before:
            yield entry.query(
                "W06",
                "ward_code",
                f"All figures of ward {entry['ward_code']} are the same as in "
                f"{(sent.month + -1).label}.",
                "If they are right, confirm it; otherwise replace them with this month's.",
            )


def patients_not_asked(sent: TypedReturn) -> Iterator[Problem]:
    """W09: staff have answered in each of three months, but patients have not."""
    for entry in sent.counted():
        months = [(entry["pt_answered"], entry["st_answered"])] + [
            tuple(
                sent.past.value(ago, "monthly", entry["ward_code"], field)
                for field in ("pt_answered", "st_answered")
            )
            for ago in (1, 2)
        ]
        if all(staff and not patients for patients, staff in months):
            yield entry.query(
                "W09",
                "pt_answered",
                f"In ward {entry['ward_code']} staff answered in each of the last three months, "
                "but no patient did.",
                "Explain why no patient answered, or correct the numbers.",
            )


def ward_details(sent: TypedReturn) -> Iterator[Problem]:
    """W10: any detail of a ward differs from the register; asked once."""
    if sent.baseline:  # the details are those of the ward as it joined
        return
    for entry in sent.rows("wards"):
        known = sent.wards.get(entry["ward_code"] or "")
        for field in entry.cells if known else ():
            new, old = _detail(entry[field]), _detail((known or {}).get(field))
            given = new or entry.column(field).required == OPTIONAL
            if new == old or not given or field in entry.unreadable | entry.blocked:
                continue
            if field == "open_to" and not new and old > str(sent.month.last_day):
                continue  # it was open all month; the register learnt later when it would close
            if sent.past.last_said("wards", entry["ward_code"], field) == new:
                continue
            here, there = (_worded(detail, entry, field) for detail in (new, old))
            yield entry.query(
                "W10",
                field,
                f"{entry.title(field)} of ward {entry['ward_code']} is {here} here, but {there} on "
                "the register.",
                "If it has changed, say since when, so that the programme team can update the "
                "register. Otherwise change it back to what the register says.",
            )


def _detail(value: object) -> str:
    """A detail of a ward as the archive keeps it; empty for a blank."""
    return "" if value is None else str(value)


def _worded(detail: str, entry: TypedRow, field: str) -> str:
    column = entry.column(field)
    if detail in column.allowed:
        return (
            f"“{column.in_words(detail)}”"  # whole, however long: a ward class ends with its code
        )
    is_day = detail and column.kind == "date"
    return day_of(date.fromisoformat(detail)) if is_day else detail or "blank"


def late(sent: TypedReturn) -> Iterator[Problem]:
    """W11: the first return for a month arrives after it was due."""
    due = dates_for(sent.month, sent.context.programme.deadlines).due
    if sent.context.today > due and not sent.past.has(0) and not sent.baseline:
        yield sent.cover.query(
            "W11",
            "period",
            f"The return for {sent.month.label} was due on {day_of(due)}; today is "
            f"{day_of(sent.context.today)}.",
            "Send it all the same, and say briefly why it is late.",
        )


def final_figures(sent: TypedReturn) -> Iterator[Problem]:
    """W12: a figure that was final changes by more than a tenth, or by 5."""
    locked = dates_for(sent.month, sent.context.programme.deadlines).locked < sent.context.today
    if not locked and sent.past.value(0, "cover", None, "data_status") != "final":
        return
    for entry in sent.counted():
        for field in counts_of():
            old = sent.past.value(0, "monthly", entry["ward_code"], field)
            new = entry[field]
            if old is None or new is None or old == new:
                continue
            if abs(new - old) >= LARGE_CHANGE or abs(new - old) * 10 > old:
                yield entry.query(
                    "W12",
                    field,
                    f"{entry.title(field)} was final with {shown(old)}; it is now {shown(new)}.",
                    "If the new figure is right, say what was wrong with the old one.",
                )


def charter_backwards(sent: TypedReturn) -> Iterator[Problem]:
    """W13: a charter that had reached a later stage before."""
    stages = list(CHARTER_STAGE)
    for entry in sent.rows("charter"):
        before, now = sent.past.last("charter", entry["ward_code"], "stage"), entry["stage"]
        if before not in stages or now not in stages or (before, now) == _REVIEW_DONE:
            continue
        if stages.index(now) < stages.index(before):
            was = quoted(entry.column("stage").in_words(before))
            yield entry.query(
                "W13",
                "stage",
                f"The charter of ward {entry['ward_code']} was {was}; it is now "
                f"{entry.chosen('stage')}.",
                "If it has gone back a stage, explain why; otherwise correct the stage.",
            )


_REVIEW_DONE = ("under_review", "displayed")


def definitions_changed(sent: TypedReturn) -> Iterator[Problem]:
    """W15: incidents are counted differently from last time."""
    for field in ("category_mapping", "includes_leave_incidents"):
        before, now = sent.past.last("cover", None, field), sent.cover[field]
        read = sent.cover.column(field).in_words
        if before and now and before != now:
            yield sent.cover.query(
                "W15",
                field,
                f"{sent.cover.title(field)} was {quoted(read(before))} in the last return and is "
                f"now {quoted(read(now))}. Incidents before and after can't be compared without "
                "care.",
                "If counting has changed, say since when, and ask the programme team to start new "
                "process limits from that month.",
            )


RULES = (
    unlikely_share,
    unlikely_count,
    silent,
    copied_row,
    patients_not_asked,
    ward_details,
    late,
    final_figures,
    charter_backwards,
    definitions_changed,
)
