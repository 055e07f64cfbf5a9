"""Queries figures within one month that are possible but worth a second look."""

from collections.abc import Iterator

from pipelines.checking.rules.return_status import counts_of
from pipelines.checking.typed_return import TypedReturn, TypedRow
from schemas.problems import Problem
from schemas.returns import INCIDENT_COUNTS
from schemas.sheets.charter import PARTNERS
from schemas.wording import counted, shown

FEWEST_FIGURES = 4  # two rows with fewer figures may well be the same by chance
_ASKED = {"pt_answered": "patients_present", "st_answered": "staff_in_post"}
_RIGHT = "If it is right, say why; otherwise correct it."


def few_answers(sent: TypedReturn) -> Iterator[Problem]:
    """W01: so few answers that no percentage is shown."""
    least = sent.context.programme.disclosure.least_answers(of_people=True)
    for entry in sent.counted():
        for field in _ASKED:
            answered = entry[field]
            if answered is not None and answered < least:
                yield entry.query(
                    "W01",
                    field,
                    f"{entry.title(field)} is {answered}. With fewer than {least} answers "
                    "no percentage is shown for this month.",
                    "If it is right, confirm it and say why so few were asked or answered.",
                )


def more_answers_than_people(sent: TypedReturn) -> Iterator[Problem]:
    """W02: more answers than people who could have given one."""
    for entry in sent.counted():
        for field, people in _ASKED.items():
            if entry.filled(field, people) and entry[field] > entry[people]:
                yield entry.query(
                    "W02",
                    field,
                    f"{entry.title(field)} is {shown(entry[field])}, but {entry.title(people)} is "
                    f"{shown(entry[people])}.",
                    f"{_RIGHT} Each person is counted once, even if asked twice.",
                )


def unusual_occupancy(sent: TypedReturn) -> Iterator[Problem]:
    """W04: far fewer or more bed days than the beds or last month suggest."""
    for entry in sent.counted():
        bed_days, beds = entry["occupied_bed_days"], sent.beds_of(entry)
        why = _occupancy(entry, sent) if bed_days is not None and beds else None
        if why:
            yield entry.query("W04", "occupied_bed_days", why, _RIGHT)


def _occupancy(entry: TypedRow, sent: TypedReturn) -> str | None:
    bed_days, beds = entry["occupied_bed_days"], sent.beds_of(entry) or 0
    full, found = (
        beds * sent.month.days,
        f"“Occupied bed days” is {shown(entry['occupied_bed_days'])}",
    )
    if bed_days > full:
        return f"{found}, more than {beds} beds make in {sent.month.label} ({shown(full)})."
    if bed_days * 2 < full:
        return (
            f"{found}, less than half of what {beds} beds make in {sent.month.label} "
            f"({shown(full)})."
        )
    before = sent.past.value(1, "monthly", entry["ward_code"], "occupied_bed_days")
    if before and abs(bed_days - before) > before / 4:
        return (
            f"{found}; in {(sent.month + -1).label} it was {shown(before)}. That is a change of "
            "more than a quarter."
        )
    return None


def twins(sent: TypedReturn) -> Iterator[Problem]:
    """W07: two wards with exactly the same figures."""
    seen: dict[tuple[int | None, ...], TypedRow] = {}
    for entry in sent.counted():
        figures = figures_of(entry)
        if figures is None:
            continue
        if figures in seen and seen[figures]["ward_code"] != entry["ward_code"]:
            other = seen[figures]
            yield entry.query(
                "W07",
                "ward_code",
                f"Wards {other['ward_code']} (row {other.number}) and {entry['ward_code']} have "
                "exactly the same figures.",
                "If both are right, confirm it; otherwise correct the row that was copied.",
            )
        seen.setdefault(figures, entry)


def figures_of(entry: TypedRow) -> tuple[int | None, ...] | None:
    """All counts of a row, if there are enough of them to tell two rows apart."""
    nil = entry["return_status"] == "nil_incidents"
    figures = tuple(
        0 if nil and field.startswith("inc_") else entry[field] for field in counts_of()
    )
    given = [figure for figure in figures if figure is not None]
    return figures if len(given) >= FEWEST_FIGURES and any(given) else None


def all_safe_despite_assault(sent: TypedReturn) -> Iterator[Problem]:
    """W08: everyone feels safe in a month with a sexual assault."""
    for entry in sent.counted():
        answered, safe, assaults = entry["pt_answered"], entry["pt_safe"], entry["inc_assault"]
        if assaults and answered and safe == answered:
            yield entry.query(
                "W08",
                "pt_safe",
                f"All {answered} patients who answered feel safe, in a month with "
                f"{counted(assaults, 'reported sexual assault')}.",
                f"{_RIGHT} For example, the survey may have been held before it.",
            )


def nobody_affected(sent: TypedReturn) -> Iterator[Problem]:
    """W14: the people affected don't add up to the incidents."""
    groups = counts_of("inc_affected_")
    for entry in sent.counted():
        total = entry.count(*INCIDENT_COUNTS)
        given = [field for field in groups if entry[field] is not None]
        above = [field for field in given if entry[field] > total]
        if above:
            yield entry.query(
                "W14",
                above[0],
                f"{entry.title(above[0])} is {shown(entry[above[0]])}, more than the "
                f"{counted(total, 'incident')} of the month.",
                f"{_RIGHT} Count incidents here, not people: one that affects three patients is 1.",
            )
        elif given and entry.count(*groups) < total:
            yield entry.query(
                "W14",
                given[0],
                f"Incidents affecting patients, staff and visitors add up to "
                f"{shown(entry.count(*groups))}, but {counted(total, 'incident')} "
                f"{'is' if total == 1 else 'are'} counted. Each affects somebody.",
                _RIGHT,
            )


def staff_alleged_in_one_system(sent: TypedReturn) -> Iterator[Problem]:
    """W16: incidents with staff alleged responsible are often recorded elsewhere too."""
    if sent.cover["staff_on_staff_source"] != "incident_system":
        return
    for entry in sent.counted():
        if entry["inc_alleged_staff"]:
            yield entry.query(
                "W16",
                "inc_alleged_staff",
                f"“Staff alleged responsible” is {shown(entry['inc_alleged_staff'])}, counted from "
                "the incident system only. Such incidents are often recorded by human resources.",
                "Confirm that none are missing, or ask human resources and correct the cover.",
            )


def took_part_or_not(sent: TypedReturn) -> Iterator[Problem]:
    """W19: a charter was not made with a group, but people of it took part; or the reverse."""
    for entry in sent.rows("charter"):
        for field, counted_in in PARTNERS.items():
            together, people = entry[field], entry[counted_in]
            if people is not None and together == ("no" if people else "yes"):
                yield entry.query(
                    "W19",
                    counted_in,
                    f"{entry.title(field)} is {together}, but {entry.title(counted_in)} is "
                    f"{shown(people)}.",
                    "If both are right, say why; otherwise correct the one that is wrong.",
                )


RULES = (
    few_answers,
    more_answers_than_people,
    unusual_occupancy,
    twins,
    all_safe_despite_assault,
    nobody_affected,
    staff_alleged_in_one_system,
    took_part_or_not,
)
