"""The monthly pack: one document on the whole programme, for the programme or the public.

Built from the same queries, charts and words as the screens. For the public every figure about
people comes from the masked observations, and no limits or signals are shown.
"""

from collections.abc import Mapping, Sequence

from dashboard.exports import masked, pack_parts
from dashboard.exports.document import Report
from dashboard.exports.masked import Ask
from dashboard.words import caveats, phrases
from schemas.disclosure import Audience
from schemas.measures import Measure
from schemas.programme import DisclosurePolicy

_OF_SHARED = "Hidden figures are marked [c]; other figures about people are rounded."


def pack(
    ask: Ask,
    facts: Mapping[str, object],
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
    audience: Audience,
) -> Report:
    """The pack of the core measures; `report_html` and `report_pdf` make a file of it.

    `ask` answers questions in the scope of the programme, `facts` is the release's own row,
    `measures` are all there are: figures to share are masked together, whatever is shown
    of them.
    """
    shared = audience in masked.SHARED
    if shared:
        figures = masked.observations(ask, measures, policy, audience)
        sent = set(figures["measure"].unique())
        drawn = [pack_parts.masked_only(figures, m) for m in measures if m.core and m.id in sent]
    else:
        drawn = [pack_parts.exact(ask, measure) for measure in measures if measure.core]
    month = phrases.month(facts["data_to"]) if facts["data_to"] else "no data yet"
    return Report(
        f"{facts['programme']}, {month}",
        facts["built_at"],
        tuple(_lead(facts, shared)),
        tuple(_notices(facts, shared)),
        (*drawn, pack_parts.charters(ask), pack_parts.founded(ask), pack_parts.returns(ask, facts)),
    )


def _lead(facts: Mapping[str, object], shared: bool) -> list[str]:
    said = [
        f"Figures as built at {phrases.moment(facts['built_at'])}, release {facts['release_id']}.",
        "Management information for improvement, not official statistics.",
    ]
    return [*said, _OF_SHARED] if shared else said


def _notices(facts: Mapping[str, object], shared: bool) -> list[str]:
    said = ["Fictional: every trust, ward and figure is made up."] if facts["fictional"] else []
    said += [caveats.known_on(facts)] if facts["as_at"] else []
    return (
        said if shared else [*said, "Contains small numbers: for the programme team, do not share."]
    )
