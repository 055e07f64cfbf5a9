"""How to read each kind of chart, and what it can and can't tell you."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas import wording


@dataclass(frozen=True)
class Caveat:
    """The three short texts under a chart."""

    read: str
    can: str
    cannot: str


_PROCESS = (
    "Dots are months or quarters. The solid black line is the average and the grey dashed lines "
    "are the limits of usual variation. A line of long red dashes is the target, or the path to "
    "it; short red dashes lead to a trust’s own. A triangle, square or diamond marks a point that "
    "would be unlikely by chance alone. A hollow dot is provisional or has a query that has not "
    "been explained. "
    "Lines stop where there is no data and start again "
    "where someone started new limits."
)
CAVEATS = {
    "process": Caveat(
        _PROCESS,
        "It can tell whether something has changed for a reason, and since when.",
        "It can't tell why. One or two months above or below the average are usual, and limits "
        "based on few answers are wide.",
    ),
    "run": Caveat(
        "Dots are months or quarters, and the line across is the median: half of them are above "
        "it. A line of long red dashes is the target, or the path to it; short red dashes lead to "
        "a trust’s own.",
        "It can show a long run on one side of the median, which would be unlikely by chance "
        "alone.",
        "It can't tell why, and it has no limits of usual variation: there are too few months, or "
        "too few people or incidents in each.",
    ),
    "running_sum": Caveat(
        "Dots are months. Each adds what was reported and takes off an allowance, between what is "
        "usual in that many bed days and twice as many; below 0 the sum starts again. A month in "
        "which the dashed threshold is passed, and the climb to it, would be unlikely by chance "
        "alone; the sum then starts again at 0. Lines stop where there is no data and where "
        "someone started new limits.",
        "It can show that more is reported than the average explains, and since when.",
        "It can't tell why, and its height is no rate: it grows with how much more is reported and "
        "with how long that lasts. The average is that of all its months, so a change that has "
        "lasted for most of them is part of what is usual.",
    ),
    "small_multiples": Caveat(
        "Each small chart is one ward, or one trust or group, all on the same scale, in order "
        "of name.",
        "They can show which have a change that stands out, and which have gaps.",
        "They can't be used to put wards in order: those with few answers move more by chance.",
    ),
    "one_scale": Caveat(
        "Each row is one measure: the large mark is its latest figure, the small ones the two "
        "before it. The middle line is the average of its own chart, the dashed lines its limits.",
        "It can show which measures are further from their own average than usual, whatever they "
        "count.",
        "It can't tell which measure matters more, or whether an average is good enough. A mark "
        "between the limits stands out too if it is part of a run. Measures whose charts have no "
        "such limits are left out.",
    ),
    "funnel": Caveat(
        "Each dot is a ward or trust; the further right, the more answers or bed days. If they "
        "differed by chance alone, 95% and 99.8% of dots would be between the curves.",
        "It can tell which units differ from similar ones by more than chance.",
        "It can't tell why. A low reported rate can mean that reporting needs checking. Wards "
        "care for different people, and not all of those differences are taken into account.",
    ),
    "icons": Caveat(
        "Each row is one unit and each pair of icons one measure: how it varies now, and whether "
        "it can be expected to reach the target.",
        "It can show where to look first.",
        "It can't show how large a change is or when it began: open the chart for that. Some "
        "icons will appear by chance alone.",
    ),
    "peer_band": Caveat(
        "Each point and each band is one year, drawn over its own twelve months. The dark line is "
        "this ward; the bands are the spread of similar wards, which are not named: six in ten of "
        "them are in the darker band and eight in ten in the two bands together.",
        "It can tell whether this ward's values are usual for wards like it.",
        "It can't tell who the others are, and years with too few wards are left out. The table "
        "has every twelve months; those that overlap are not drawn.",
    ),
    "charter_stages": Caveat(
        "Each column is a month; its parts are the wards at each stage of their charter.",
        "It can show how far charters have spread.",
        "It can't tell whether a charter is used from day to day, or who wrote it.",
    ),
    "adoption": Caveat(
        "The line is the number of wards with a charter in place; the dashed line is "
        "the number of wards that reported on theirs.",
        "It can show how fast charters have spread.",
        "It can't tell whether charters made a difference: see “Before and after the charter”.",
    ),
    "by_category": Caveat(
        "Each dot is a group of patients and the line through it a 95% interval: where the "
        "percentage could be if many more people like them were asked. Groups are in the order "
        "that the programme chose.",
        "It can show that a group feels less safe, or safer, than everybody who answered: if its "
        "interval leaves out the dashed line.",
        "It can't tell why. With several groups, about one interval in 20 leaves the line out by "
        "chance alone. It says nothing about those who were not asked or did not answer.",
    ),
    "standards": Caveat(
        "Each bar is a group of statements; its parts are the ratings that wards gave themselves.",
        "It can show where wards say there is work to do.",
        "It can't tell how strict each ward was with itself. Statements that do not apply or "
        "were not assessed are counted but do not affect the percentage.",
    ),
    "returns": Caveat(
        "Each row is a trust and each column a month; the letter shows the state of the return.",
        "It can show which returns have arrived and which are due.",
        "It can't tell whether what was sent is complete: see the reporting class of each ward.",
    ),
    "incidents": Caveat(
        "Each column is a month; its parts are the categories of reported incidents.",
        "It can show how many incidents were reported, and of what kind.",
        "It can't tell how many happened. More reports can mean more trust in reporting.",
    ),
    "engagement": Caveat(
        "Each bar is a month: all trusts that could take part in it, by how far they had come.",
        "It can show whether the collaborative reaches more trusts, and where they stop on the "
        "way.",
        "It can't tell how well a trust takes part, nor why one has not joined. A month is shown "
        "once its returns are past their due date, and a late return still changes it; months "
        "for which the whole programme paused are left out.",
    ),
    "foundations": Caveat(
        "Each bar is one of the four foundations: how many wards have it in place.",
        "It can show which foundations still need work.",
        "It can't tell how well each is carried out.",
    ),
    "answers": Caveat(
        "Each bar is a question, or a forum; its parts are the answers, from the least to the "
        "most. Under its name is how many people answered it.",
        "It can show what people who answered thought, and how many of them.",
        "It can't tell what those who came and did not answer thought, nor whether anything "
        "changed on a ward. Forums differ in who comes, so a change from one to the next can be "
        "a change in the people. Where too few answered, no answers are shown.",
    ),
    "before_after": Caveat(
        "Each row is a ward: the hollow circle is its average over all months before the charter, "
        "the filled one its average over all months since.",
        "It can show what has been different since the charter, ward by ward.",
        "It can't tell that the charter was the cause: other things changed as well, and wards "
        "with few answers move more by chance.",
    ),
    "since_start": Caveat(
        "Each dot is a month, counted from the month in which a ward started: how far the figures "
        "of wards that had started were from what wards yet to start lead us to expect. The line "
        "through a dot is its 95% interval; the broken line is the average over all months since "
        "the start, and the band its 95% interval. The hollow dots are a pretend start three "
        "months early: they should be near no difference.",
        "It can show whether figures changed with the start, and whether that lasted.",
        "It can't tell that the start was the cause: whatever else began on the same wards at "
        "about the same time looks the same. Months long after the start rest on few trusts.",
    ),
    "culture": Caveat(
        "Each dot is a ward or trust: the further right, the more incidents it reported; the "
        "higher up, the more of its patients feel safe. The lines through it are 95% ranges: where "
        "its true level probably is. Few answers or bed days move a dot towards the average.",
        "It can show where fewer feel safe and less is reported than chance explains: a reason to "
        "ask why.",
        "It can't tell whether reporting makes people feel safe or unsafe. A high reported rate "
        "can be a sign of openness.",
    ),
    "yardsticks": Caveat(
        "Each dot is a trust: the further right, the more of those asked on its wards do not feel "
        "safe; the higher up, the more people the survey says experienced harm or do not feel "
        "safe. The lines through it are 95% ranges. On the dashed line both would be the same.",
        "It can show where a survey says more than is said here: a reason to ask what people don’t "
        "say on the wards.",
        "It can't tell how much was not reported: the survey asks another question of other "
        "people, usually in the whole trust, and about another time.",
    ),
}


def caveat(kind: str) -> Caveat:
    """The texts for a kind of chart; raises KeyError for a kind that has none."""
    return CAVEATS[kind]


def kind_of(signal: Mapping[str, object] | None) -> str:
    """Whether the chart of a series is read as a run chart or as a process chart."""
    return "run" if signal and signal["chart"] in ("run", "points") else "process"


def clipped(unit: str, points: pl.DataFrame) -> str:
    """A note that limits are never drawn beyond what is possible; empty if a chart has none."""
    if points["lower"].is_null().all() and points["upper"].is_null().all():
        return ""
    if unit == "percent":
        return "Limits are drawn no lower than 0% and no higher than 100%."
    return "Limits are drawn no lower than 0."


def made_up(facts: Mapping[str, object]) -> list[str]:
    """What a file says before anything else if its programme is fictional; `facts` as below."""
    return ["Fictional: every trust, ward and figure is made up."] if facts["fictional"] else []


def known_on(facts: Mapping[str, object]) -> str:
    """A notice that figures are as known on an earlier day; empty for today's.

    `facts` is the row that describes a release.
    """
    return f"As known on {wording.day_of(facts['as_at'])}." if facts["as_at"] else ""
