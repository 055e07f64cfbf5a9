"""How to read each kind of chart, what it can tell and what it can't."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas import wording


@dataclass(frozen=True)
class Caveat:
    """Three short texts that lie under a chart."""

    read: str
    can: str
    cannot: str


_PROCESS = (
    "Dots are months. The solid black line is the average and the grey dashed lines are the "
    "limits of usual variation. A long red dash is the target. A triangle, square or diamond "
    "marks a point that chance alone would seldom bring. A hollow dot is provisional or has a "
    "query without an answer. Lines stop where there are no data and start anew where "
    "somebody started new limits."
)
CAVEATS = {
    "process": Caveat(
        _PROCESS,
        "It can tell whether something has changed for a reason, and since when.",
        "It can't tell why. One or two months above or below the average are usual, and limits "
        "that rest on few answers are wide.",
    ),
    "run": Caveat(
        "Dots are months and the line across is the median: half of the months lie above it.",
        "It can show a long run on one side of the median, which chance alone would seldom bring.",
        "It can't tell why, and with so few months it has no limits of usual variation yet.",
    ),
    "small_multiples": Caveat(
        "Each small chart is one ward, all on the same scale, in order of name.",
        "They can show which wards have a change that stands out, and which have gaps.",
        "They can't be read as an order of wards: those with few answers move more by chance.",
    ),
    "funnel": Caveat(
        "Each dot is a ward or trust; further right means more answers or bed days. The curves "
        "hold 95% and 99.8% of dots if they differed by chance alone.",
        "It can tell which units differ from similar ones by more than chance.",
        "It can't tell why. A low reported rate can mean that reporting needs checking. Wards "
        "differ in whom they care for, and not all of that is taken into account.",
    ),
    "icons": Caveat(
        "Each row is one unit and each pair of icons one measure: how it varies now, and whether "
        "it can be expected to reach the target.",
        "It can show where to look first.",
        "It can't show how large a change is or when it began: open the chart for that. Some "
        "icons appear by chance.",
    ),
    "peer_band": Caveat(
        "Each point looks back over twelve months. The dark line is this ward; the bands are the "
        "spread of similar wards, which are not named: six in ten of them lie in the darker band "
        "and eight in ten in the whole.",
        "It can tell whether this ward's values are usual among wards like it.",
        "It can't tell who the others are, and months with too few wards are left out.",
    ),
    "charter_stages": Caveat(
        "Each column is a month; its parts are the wards at each stage of their charter.",
        "It can show how far charters have spread.",
        "It can't tell whether a charter is used from day to day, or by whom it was made.",
    ),
    "adoption": Caveat(
        "The line is the number of wards with a charter in place; the dashed line is "
        "the number of wards that told us about theirs.",
        "It can show how fast charters have spread.",
        "It can't tell whether charters made a difference: see before and since the charter.",
    ),
    "standards": Caveat(
        "Each bar is a group of statements; its parts are the ratings that wards gave themselves.",
        "It can show where wards say there is work to do.",
        "It can't tell how strict each ward was with itself. Statements that do not apply or "
        "were not assessed are counted but leave the percentage unchanged.",
    ),
    "returns": Caveat(
        "Each row is a trust and each column a month; the letter says what became of the return.",
        "It can show which returns are here and which are due.",
        "It can't tell whether what was sent is complete: see the reporting class of each ward.",
    ),
    "incidents": Caveat(
        "Each column is a month; its parts are the categories of reported incidents.",
        "It can show how many incidents were reported, and of which kind.",
        "It can't tell how many happened. More reports can mean more trust in reporting.",
    ),
    "foundations": Caveat(
        "Each bar is one of the four foundations: how many wards have it in place.",
        "It can show which foundations still need work.",
        "It can't tell how well each is carried out.",
    ),
    "before_after": Caveat(
        "Each row is a ward: the hollow circle is its average before the charter, the filled one "
        "its average since, over all months of both times.",
        "It can show what has differed since the charter, ward by ward.",
        "It can't tell that the charter was the cause: other things changed as well, and wards "
        "with few answers move more by chance.",
    ),
    "culture": Caveat(
        "Each dot is a ward: across, how many incidents it reported; up, how many patients feel "
        "safe.",
        "It can show wards where few feel safe and little is reported, a reason to ask.",
        "It can't tell whether reporting makes people feel safe or unsafe. A high reported rate "
        "can be a sign of openness.",
    ),
}


def caveat(kind: str) -> Caveat:
    """The texts of a kind of chart; a KeyError names a kind that has none."""
    return CAVEATS[kind]


def clipped(unit: str) -> str:
    """A note where limits would lie beyond what is possible; empty where they can't."""
    if unit == "percent":
        return "Limits are drawn no lower than 0% and no higher than 100%."
    return "Limits are drawn no lower than 0."


def known_on(facts: Mapping[str, object]) -> str:
    """What has to be known of figures of an earlier day; empty for today's.

    `facts` is the row that describes a release.
    """
    return f"As known on {wording.day_of(facts['as_at'])}." if facts["as_at"] else ""
