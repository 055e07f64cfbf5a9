"""Whatever is changed, a register stays valid, and its past stays as it was."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipelines.registers import people_acts, trust_acts, ward_acts
from pipelines.registers.checks import missing_from, problems_of
from pipelines.registers.effective import KEYS, held, rows_by_key
from pipelines.registers.files import as_csv
from pipelines.registers.register import Register, RegisterError, register_of
from pipelines.registers.successors import current_wards
from tests import worlds

TODAY = date(2026, 3, 10)
TRUSTS = st.sampled_from(["Z01", "Z02", "Z03"])
WARDS = st.sampled_from(["ALDER1", "DOGWD1", "NEW1"])
DAYS = st.integers(-100, 100).map(lambda days: TODAY + timedelta(days=days))
EMAILS = st.sampled_from([worlds.TEAM, worlds.LEAD, "new@trust.example"])
PERSONS = st.fixed_dictionaries(
    {
        "email": EMAILS,
        "name": st.just("Somebody"),
        "role": st.sampled_from(["programme", "trust", "region"]),
        "trusts": st.lists(TRUSTS, max_size=2),
    }
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "beds": st.integers(0, 61),
        "ward_name": st.sampled_from(["", "Other Ward"]),
        "mh_class": st.sampled_from(["201", "999"]),
        "in_collaborative": st.sampled_from(["yes", "no"]),
    },
)
NEW_WARD = {k: v for k, v in worlds.ward_row("Z01", "X").items() if not k.startswith("valid")}
ACTS = st.one_of(
    st.tuples(st.just(ward_acts.change_ward), TRUSTS, WARDS, DAYS, CHANGES),
    st.tuples(st.just(ward_acts.close_ward), TRUSTS, WARDS, DAYS),
    st.tuples(st.just(ward_acts.reopen_ward), TRUSTS, WARDS, DAYS),
    st.tuples(st.just(ward_acts.move_ward), TRUSTS, WARDS, TRUSTS, WARDS, DAYS),
    st.tuples(
        st.just(ward_acts.add_ward),
        TRUSTS,
        st.builds(lambda w, d: NEW_WARD | {"ward_code": w, "open_from": d}, WARDS, DAYS),
    ),
    st.tuples(
        st.just(trust_acts.add_trust), TRUSTS, st.just("Third"), st.sampled_from(["Y60", ""]), DAYS
    ),
    st.tuples(st.just(trust_acts.change_trust), TRUSTS, DAYS, st.just("Renamed"), st.just("Y56")),
    st.tuples(st.just(trust_acts.leave), TRUSTS, DAYS),
    st.tuples(
        st.just(trust_acts.merge_trust),
        TRUSTS,
        TRUSTS,
        DAYS,
        st.dictionaries(WARDS, WARDS, max_size=2),
        st.lists(EMAILS, max_size=1),
    ),
    st.tuples(st.just(people_acts.give_access), PERSONS, DAYS, st.none() | DAYS, st.just(TODAY)),
    st.tuples(
        st.just(people_acts.change_access), EMAILS, PERSONS, DAYS, st.none() | DAYS, st.just(TODAY)
    ),
    st.tuples(st.just(people_acts.end_access), EMAILS, DAYS, st.just(TODAY)),
)
MONTH = timedelta(days=31)  # a trust joins on the first day of the month it is given


def described(register: Register, file: str, day: date) -> dict:
    """The contents of a file for a day, without the dates on which rows begin and end."""
    rows = {
        key: held(r, day) for key, r in rows_by_key(getattr(register, file), KEYS[file]).items()
    }
    drop = ("valid_from", "valid_to", "open_to", "successor")
    return {
        key: {field: value for field, value in row.items() if not field.startswith(drop)}
        for key, row in rows.items()
        if row is not None
    }


def before(arguments: list) -> date:
    """A day before anything that an act is about."""
    plain = [day for day in arguments if isinstance(day, date)]
    inside = [a["open_from"] for a in arguments if isinstance(a, dict) and "open_from" in a]
    return min([TODAY, *plain, *inside]) - MONTH


def done(act, register: Register, arguments: list) -> Register | None:
    """The register after a change; None if it was refused, which must be in sentences."""
    refused: RegisterError | None = None
    try:
        return act(register, *arguments)
    except RegisterError as error:
        refused = error
    assert refused.sentences
    assert all(sentence.endswith(".") for sentence in refused.sentences), refused.sentences
    return None


@given(st.lists(ACTS, min_size=1, max_size=6))
def test_any_acts_end_in_a_register_that_forgets_nothing(acts):
    register = register_of(worlds.register_frames())
    for act, *arguments in acts:
        after = done(act, register, arguments)
        if after is None:
            continue
        assert missing_from(after, register) == []
        assert as_csv(after) != as_csv(register), (act.__name__, arguments)
        for file in ("trusts", "wards", "access"):
            day = before(arguments)
            assert described(after, file, day) == described(register, file, day)
        register = after
    assert problems_of(register) == []
    now = current_wards(register)
    assert set(now["current_ward_id"]) <= set(now["ward_id"])
