"""Promise: a table for sharing narrows no hidden count, whatever else in it is read beside it.

The reader (`reader.py`) takes in figures, states and which rows there are, over all measures,
levels, months and years, and finds the least and the most that each hidden count can be. That must
be what the rule alone says of it: 0 to 4, for instance. Controls leave one rule out each, and are
caught.
"""

from dataclasses import dataclass

import polars as pl
import pytest

from dashboard import store
from dashboard.exports import masked
from pipelines.measures import load
from schemas import recovery
from schemas.disclosure import HIDDEN, KEY, mask, with_years
from schemas.programme import DisclosurePolicy
from schemas.settling import Settling
from tests.promises import made_up
from tests.promises.reader import Reader

pytestmark = pytest.mark.slow

POLICY = DisclosurePolicy()
MEASURES = made_up.MEASURES
# Seeds of programmes in which a rule left out was once noticed, and a few others.
SEEDS = (0, 2, 5, 8, 14)


@dataclass(frozen=True)
class Example:
    exact: pl.DataFrame
    shared: pl.DataFrame


@pytest.fixture(scope="module", params=SEEDS)
def example(request) -> Example:
    return made(request.param)


def made(seed: int, measures=MEASURES, **how) -> Example:
    how = {"busy": (0.3, 1, 2.5)[seed % 3], "missing": (0, 0, 0.03)[seed // 3 % 3]} | how
    exact = made_up.release(made_up.sent(seed, **how), measures)
    return Example(exact, mask(exact, measures, POLICY, "public"))


def narrowed(example: Example, shared: pl.DataFrame | None = None, measures=MEASURES):
    """The hidden counts that a reader of the table, or of another in its place, narrows."""
    reader = Reader(example.exact, measures, POLICY)
    targets = reader.read(example.shared if shared is None else shared)
    assert len(targets) > 100
    return reader.narrowed(targets)


def test_no_hidden_count_is_narrowed(example):
    assert narrowed(example) == {}


@pytest.mark.parametrize(
    ("seed", "trusts", "busy", "missing"),
    [
        (3, (1, 1, 2, 3), 0.3, 0.03),  # a trust's year beside the months of a ward that lacks one
        (8, (1, 1, 2, 3), 2.5, 0.1),
        (9, (1, 2, 4), 0.3, 0),  # a year that is small by itself says much of its months
        (18, (3, 3, 2, 5, 1), 0.3, 0),  # a total narrows one kind, and that another
        (37, (1, 2, 4), 1, 0),  # all but few of a trust's incidents affected patients
        (37, (1, 1, 2, 3), 1, 0),  # a year of none is hidden after all, and its months are not
        (7, (1, 2, 4), 1, 0.03),  # those affected are inside a hidden total of all incidents
        (107, (1, 3), 2.5, 0.1),  # a trust's total limits those affected that a ward hides
        (46, (1, 2), 2.5, 0.2),  # a figure is hidden, and what its trust says of it is not
        (20, (1, 1, 2, 3), 0.2, 0),  # a year limits a month in which few were asked
    ],
)
def test_no_hidden_count_of_a_programme_that_once_leaked_is_narrowed(seed, trusts, busy, missing):
    assert narrowed(made(seed, trusts=trusts, busy=busy, missing=missing)) == {}


OWN = {
    "SS-X1": {"numerator": ("support_offered_n",)},
    "SS-X2": {"numerator": ("support_offered_n", "options_considered_n")},
    "SS-X3": {"numerator": ("inc_affected_patient", "inc_affected_staff")},
}


@pytest.mark.parametrize("archived", made_up.INCIDENTS)
def test_no_hidden_count_is_narrowed_whichever_measure_is_archived(archived):
    """What rests on all incidents, for instance, is still settled with their kinds."""
    left = [m for m in MEASURES if m.id in made_up.INCIDENTS and m.id != archived]
    example = made(14, measures=left, trusts=(1, 3))
    assert narrowed(example, measures=left) == {}


@pytest.mark.parametrize(("own", "fields"), OWN.items())
@pytest.mark.parametrize("archived", [(), ("SS-P7", "SS-P8")])
def test_no_hidden_count_is_narrowed_by_a_measure_of_a_programmes_own(own, fields, archived):
    incidents = [m for m in MEASURES if m.id in made_up.INCIDENTS and m.id not in archived]
    per_bed_day = next(m for m in MEASURES if m.id == "SS-I1")
    more = [*incidents, per_bed_day.model_copy(update={"id": own, **fields})]
    assert narrowed(made(5, measures=more, trusts=(1, 3)), measures=more) == {}


@pytest.mark.parametrize("seed", [0, 1])
def test_a_year_of_everyone_says_so_of_each_month_and_nothing_of_how_many_there_were(seed):
    """Support was offered, or options were considered, after every incident of the year."""
    fields = made_up.sent(seed, trusts=(1, 2), busy=(0.3, 1)[seed])
    all_of_them = fields.filter(pl.col("field").str.contains("^inc_(harassment|assault|other)$"))
    all_of_them = all_of_them.group_by("ward_id", "month").agg(incidents=pl.col("number").sum())
    of_incidents = pl.col("field").is_in(["support_offered_n", "options_considered_n"])
    fields = fields.join(all_of_them, on=["ward_id", "month"], maintain_order="left").with_columns(
        number=pl.when(of_incidents).then("incidents").otherwise("number")
    )
    incidents = [m for m in MEASURES if m.id in made_up.INCIDENTS]
    exact = made_up.release(fields, incidents)
    example = Example(exact, mask(exact, incidents, POLICY, "public"))
    everyone = (pl.col("months") == 12) & (pl.col("value") == 1)
    shown = example.shared.filter(everyone, pl.col("measure").is_in(["SS-P7", "SS-P8"]))
    assert shown.filter(pl.col("level") == "ward").height
    assert narrowed(example, measures=incidents) == {}


def test_control_those_affected_give_away_the_group_that_is_not_given_out():
    """Control: settle all incidents and those affected without what they say of each other."""
    example = made(2)
    alone = [
        mask(example.exact, [m], POLICY, "public") for m in MEASURES if m.id in ("SS-I5", "SS-I6")
    ]
    others = example.shared.filter(~pl.col("measure").is_in(["SS-I5", "SS-I6"]))
    found = narrowed(Example(example.exact, pl.concat([*alone, others])))
    assert "SS-I9" in {key[2] for key in found}


def test_control_those_affected_are_at_least_the_incidents_whatever_is_shown_of_them(monkeypatch):
    """Control: take only the figures of one unit to say so, not the totals around it."""
    monkeypatch.setattr(recovery, "affected_together", lambda bounds: [])
    found = narrowed(made(107, trusts=(1, 3), missing=0.1))
    assert {key[2] for key in found} == {"SS-I9"}


def test_years_of_a_total_are_shown_although_some_wards_lack_a_month():
    """Its parts are then the years of some wards and the months of the others."""
    example = made(7, missing=0.1)
    year = (pl.col("months") == 12) & (pl.col("level") == "trust") & (pl.col("state") == "value")
    wards = example.exact.filter(pl.col("level") == "ward")
    whole = wards.filter(pl.col("months") == 12).group_by("trust_code", "measure").len("years")
    every = wards.group_by("trust_code", "measure").agg(wards=pl.col("unit_id").n_unique())
    lacking = every.join(whole, on=["trust_code", "measure"]).filter(
        pl.col("years") < pl.col("wards")
    )
    assert example.shared.filter(year).join(lacking, on=["trust_code", "measure"]).height > 0


def test_how_many_answered_is_no_secret_and_hides_nothing_else(example):
    """A response rate with few who did not answer is shown, and so are those who feel safe."""
    one, other = made_up.SURVEYS
    alone = mask(example.exact, [m for m in MEASURES if m.id == one], POLICY, "public")
    beside = example.shared.filter(pl.col("measure") == one)
    assert beside.select(*KEY, "state").sort(KEY).equals(alone.select(*KEY, "state").sort(KEY))
    wards = example.exact.filter(pl.col("level") == "ward", pl.col("months") == 1)
    rates = wards.filter(pl.col("measure") == other, pl.col("denominator") >= 10)
    few = rates.filter((pl.col("denominator") - pl.col("numerator")).is_between(1, 4))
    shown = few.join(example.shared.filter(pl.col("state") == "value"), on=KEY, how="semi")
    assert shown.height == few.filter(pl.col("numerator") >= 5).height > 0


def test_every_hidden_figure_has_the_same_reason(example):
    hidden = example.shared.filter(pl.col("state") == "suppressed")
    assert set(hidden["suppression_reason"]) == {HIDDEN}
    assert example.shared.filter(pl.col("state") != "suppressed")["suppression_reason"].null_count()


def test_a_trust_of_one_ward_shows_what_its_ward_shows(example):
    figure = ["measure", "month", "months"]
    told = [*figure, "state", "numerator_shown", "denominator_shown", "value_shown"]
    for trust in ("Z01", "Z02"):
        of_trust = example.shared.filter(pl.col("unit_id") == trust).select(told).sort(figure)
        ward = example.shared.filter(pl.col("unit_id") == f"{trust}-W0").select(told).sort(figure)
        assert of_trust.equals(ward)


def test_control_the_state_of_one_measure_gives_away_the_count_of_another():
    """Control: leave “not returned” and “not applicable” as they are."""
    example = made(8)
    was = example.exact.select(KEY, was="state")
    told = example.shared.join(was, on=KEY, maintain_order="left").with_columns(
        state=pl.when(pl.col("was") == "not_applicable").then("was").otherwise("state")
    )
    found = narrowed(example, told)
    assert {key[2] for key in found} >= {"SS-I1", "SS-I2", "SS-I3", "SS-I4"}
    assert all(most == 0 for key, (_, most) in found.items() if key[2] == "SS-I1")


def test_control_a_denominator_gives_away_a_count_that_is_sensitive():
    """Control: settle how safe people feel without regard to how many answered, if that is."""
    sensitive = [m.model_copy(update={"sensitive": True}) for m in MEASURES]
    exact = made(2).exact
    together = mask(exact, sensitive, POLICY, "public")
    assert narrowed(Example(exact, together), measures=sensitive) == {}
    of_surveys = [m for m in sensitive if m.id in made_up.SURVEYS]
    alone = [mask(exact, [measure], POLICY, "public") for measure in of_surveys]
    others = together.filter(~pl.col("measure").is_in(made_up.SURVEYS))
    leaking = Example(exact, pl.concat([*alone, others]))
    assert {key[2] for key in narrowed(leaking, measures=sensitive)} == {"SS-P10"}


def test_control_what_is_inside_a_hidden_total_must_be_able_to_be_0(monkeypatch):
    """Control: take everybody to know of each hidden figure that it is not 0."""
    monkeypatch.setattr(Settling, "_inside_hidden", lambda table: table.again & False)
    surveys = [m for m in MEASURES if m.id in made_up.SURVEYS]
    example = made(7, measures=surveys)
    reader = Reader(example.exact, surveys, POLICY)
    assert reader.narrowed(reader.read(example.shared))


def test_control_one_total_too_many_is_noticed():
    """Control: show, rounded, the totals that are hidden although they are not small."""
    example = made(5)
    large = (pl.col("true") >= 5) & (pl.col("state") == "suppressed")
    counts = pl.col("measure").str.starts_with("SS-I") & (pl.col("level") == "trust")
    true = example.exact.select(KEY, true="numerator", days="denominator")
    near = 5 * (pl.col("true") / 5).round()
    leaking = example.shared.join(true, on=KEY, maintain_order="left").with_columns(
        numerator=pl.when(large & counts).then(near.clip(5)).otherwise("numerator"),
        denominator=pl.when(large & counts).then("days").otherwise("denominator"),
        state=pl.when(large & counts).then(pl.lit("value")).otherwise("state"),
    )
    assert narrowed(example, leaking.drop("true", "days"))


def test_whether_there_is_a_year_does_not_depend_on_a_count_of_another_measure():
    exact = made(8).exact
    years = exact.filter(pl.col("months") == 12, pl.col("level") == "ward")
    units = {
        name: set(years.filter(pl.col("measure") == name)["unit_id"]) for name in ("SS-I1", "SS-P7")
    }
    assert units["SS-I1"] == units["SS-P7"] != set()
    months = exact.filter(pl.col("measure") == "SS-P7", pl.col("level") == "ward")
    assert "not_applicable" in set(months["state"]), "some month had no incident"


@pytest.mark.parametrize("family", [("SS-O1", "SS-P10"), made_up.INCIDENTS])
def test_no_hidden_count_of_the_demo_is_narrowed(release, scopes, home, family):
    """Three months of the demo; `benchmarks/disclosure.py` reads it all."""
    everyone = next(scope for scope in scopes if scope.sees_everything)
    connection = store.open(release, everyone)

    def ask(question, **about):
        return question(connection, **about)

    policy = home.programme.disclosure
    shared = masked.observations(ask, load(), policy, "public")
    exact = with_years(masked.exactly(ask, load()), load())
    months = exact["month"].unique().sort(descending=True).head(3).implode()
    some = pl.col("month").is_in(months) & pl.col("measure").is_in(list(family))
    reader = Reader(exact.filter(some), [m for m in load() if m.id in family], policy)
    targets = reader.read(shared.filter(some))
    assert targets
    assert reader.narrowed(targets) == {}
