"""Tables, icons, small multiples and the grid of returns: plain HTML that escapes every value."""

from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser

import polars as pl
import pytest

from dashboard.charts import icon_table, icons, measure_table, returns_grid, small_multiples, table
from schemas.release import ASSURANCE, RETURN_STATES, VARIATION

NASTY = '<script>alert("x")</script>&amp;'
VOID = {"br", "meta", "circle", "line", "polyline", "polygon", "rect"}


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def _well_formed(markup: str) -> list[str]:
    parser = _Balanced()
    parser.feed(markup)
    assert parser.open == []
    assert "script" not in parser.seen
    return parser.seen


def test_a_table_has_caption_scope_and_a_region_that_a_keyboard_can_scroll() -> None:
    columns = [table.Column("a", "Ward", row_header=True), table.Column("b", "Number", number=True)]
    markup = table.html("Wards", columns, [{"a": "Elm", "b": 3}])
    assert _well_formed(markup).count("th") == 3
    assert '<div class="fs-scroll" role="region" tabindex="0" aria-label="Wards">' in markup
    assert "<caption>Wards</caption>" in markup
    assert '<th scope="row">Elm</th>' in markup
    assert '<td class="fs-number">3</td>' in markup


def test_zero_is_a_value_and_an_empty_cell_says_no_data() -> None:
    columns = [table.Column("a", "A"), table.Column("b", "B"), table.Column("c", "C")]
    markup = table.html("T", columns, [{"a": 0, "b": None, "c": ""}])
    assert "<td>0</td><td>No data</td><td>No data</td>" in markup


def test_every_value_is_escaped() -> None:
    columns = [table.Column("a", NASTY), table.Column("b", "B", row_header=True)]
    markup = table.html(NASTY, columns, [{"a": NASTY, "b": NASTY}], note=NASTY)
    _well_formed(markup)


def test_a_table_without_rows_is_a_sentence() -> None:
    assert table.html("Wards", [], []) == '<p class="fs-empty">Wards: there is nothing to show.</p>'


def test_the_table_of_a_chart_says_each_state_in_words(
    series: Callable[..., pl.DataFrame], safe: dict
) -> None:
    states = {
        1: {"state": "missing"},
        2: {"state": "closed"},
        3: {"state": "paused"},
        4: {"state": "not_applicable"},
        5: {"state": "nil"},
    }
    frame = series((0.9, None, None, None, None, 0.0), states)
    markup = table.of_points("Safe", frame, safe).html()
    for words in ("No data", "Ward closed", "Programme paused", "Not applicable", "Nil return"):
        assert markup.count(words) == 1, words  # in the column for words, as the other is narrow
    assert markup.index("September") < markup.index("April")
    assert "11 of 12" in markup


@pytest.mark.parametrize("kind", [*VARIATION, None])
def test_variation_icons_are_hidden_pictures_beside_words(kind: str | None) -> None:
    markup = icons.variation(_now(variation=kind)).beside_words()
    _well_formed(markup)
    assert 'aria-hidden="true"' in markup
    assert (icons.VARIATION[kind] if kind else "4 months so far, too few") in markup


def test_a_series_that_is_not_judged_has_its_own_reason_beside_it() -> None:
    same = "most months are the same, so no change can be seen"
    assert "Most months are the same" in icons.variation(_now(headline=same)).words
    staged = icons.variation(_now(chart="stage", headline="1 of 1", reason="Shown by stage."))
    assert staged.words == "Shown by stage"
    crossed = icons.variation(_now(chart="run", variation="common", runs_signal=True))
    assert crossed.words == icons.RESTLESS
    assert crossed.picture != icons.variation(_now(variation="common")).picture


def _now(**change: object) -> dict[str, object]:
    """A series that isn't judged yet, with some columns of its signal changed."""
    now = {
        "variation": None,
        "assurance": None,
        "chart": "points",
        "runs_signal": None,
        "headline": "4 months so far, too few to tell change from chance",
        "reason": "Points only: 4 so far; a run chart needs 6.",
    }
    return now | change


@pytest.mark.parametrize("kind", ASSURANCE)
def test_assurance_icons_have_words(kind: str) -> None:
    icon = icons.assurance(_now(assurance=kind))
    assert icon is not None
    _well_formed(icon.beside_words())
    assert icons.ASSURANCE[kind] in icon.beside_words()


def test_no_target_no_assurance_icon() -> None:
    assert icons.assurance(_now()) is None


def test_pictures_differ_by_more_than_colour() -> None:
    def shape(kind: str) -> str:
        markup = icons.variation(_now(variation=kind)).picture
        return "".join(c for c in markup if c in "<poylgnrcit>HL,.0123456789")

    assert len({shape(kind) for kind in VARIATION}) == len(VARIATION)


def _signals(**change: object) -> pl.DataFrame:
    row = {
        "unit_id": "Z01-A",
        "measure": "SS-O1",
        "n": 24,
        "months": 1,
        "chart": "xmr",
        "runs_signal": False,
        "variation": "improvement_high",
        "assurance": "fail",
        "latest": date(2026, 3, 1),
        "value": 0.83,
        "numerator": 10.0,
        "denominator": 12.0,
    }
    return pl.DataFrame([{**row, **change}])


LINKS = icon_table.Links(
    "?ward={unit}&measure={measure}",
    lambda unit, measure, month, months: f"figure?{unit}.{measure}.{month}.{months}",
)


def _rows(safe: dict, signals: pl.DataFrame, state: str = "partial") -> list[icon_table.Row]:
    complete = {("Z01-A", "SS-O1"): icon_table.REPORTING[state]}
    return icon_table.rows(signals, [safe], {"Z01-A": NASTY, "Z01-B": "Beech"}, complete)


def test_the_icon_table_shows_icons_value_n_and_completeness(safe: dict) -> None:
    rows = _rows(safe, _signals())
    markup = icon_table.html("Wards", rows, icon_table.columns([safe]), LINKS)
    _well_formed(markup)
    for words in (
        "Improvement, higher than usual",
        ">83%<",
        ">10 of 12<",
        "24 months. Some months",
    ):
        assert words in markup
    assert markup.count('href="?ward=Z01-A&amp;measure=SS-O1"') == 2  # from the name and the icons
    assert markup.count('href="figure?Z01-A.SS-O1.2026-03.1"') == 1  # from the value
    assert "<td>No data</td>" in markup


def test_every_icon_in_the_icon_table_is_in_its_key(safe: dict) -> None:
    kinds = (
        {"variation": "concern_low", "assurance": "pass"},
        {"variation": None, "assurance": None},
    )
    headline = {"headline": "too few events to tell change from chance", "chart": "points"}
    for kind in kinds:
        rows = _rows(safe, _signals(**{**kind, **headline}), "complete")
        key, shown = icon_table.html("Wards", rows, icon_table.columns([safe]), LINKS).split(
            "</ul>"
        )
        (figure,) = [figure for row in rows for figure in row.figures if figure]
        assert figure.icons
        for icon in figure.icons:
            assert icon.picture in key
            assert icon.picture in shown
            assert icon.words in shown
    assert "Not judged" in key
    assert "Concern" not in key  # only the icons that are there
    assert "missing" not in key


def test_a_figure_with_gaps_is_marked_and_the_key_says_so(safe: dict) -> None:
    def marks(state: str) -> int:
        rows = _rows(safe, _signals(), state)
        return icon_table.html("Wards", rows, icon_table.columns([safe]), LINKS).count(">*</sup>")

    assert {state: marks(state) for state in icon_table.REPORTING} == {
        "complete": 0,
        "confirmed_nil": 0,
        "partial": 2,  # beside the figure and in the key
        "joiner": 2,
        "null": 2,
    }


def test_the_icon_table_in_words_says_all_that_its_icons_say(safe: dict) -> None:
    rows = _rows(safe, _signals())
    markup = icon_table.in_words("Wards", rows, icon_table.columns([safe]))
    _well_formed(markup)
    said = (
        "Improvement, higher than usual. Not expected to meet the target unless something changes"
    )
    assert f"<strong>83% (10 of 12)</strong> {said}. 24 months. Some months missing" in markup
    assert "<svg" not in markup
    assert "<td>No data</td>" in markup


def test_each_link_of_the_icon_table_says_where_it_leads(safe: dict) -> None:
    rows = icon_table.rows(_signals(), [safe], {"Z01-A": "Ash"}, {})
    markup = icon_table.html("Wards", rows, icon_table.columns([safe]), LINKS)
    chart, value = markup.split("<td>")[1].split("</a>")[:2]
    assert chart.endswith(f": the chart, {safe['short_name']}, Ash</span></span>")
    assert value.endswith(f": where this figure came from, {safe['short_name']}, Ash</span>")


def test_a_wide_table_of_words_can_be_set_from_top_to_bottom_on_a_phone() -> None:
    columns = [table.Column("a", "Ward", row_header=True)]
    columns += [table.Column(key, f"About {key}") for key in "bcd"]
    row = dict.fromkeys("abcd", "x")
    wide = table.html("T", columns, [row])
    assert 'class="fs-table fs-stacks"' in wide
    assert '<td data-heading="About b">x</td>' in wide
    numbers = [columns[0], *(table.Column(key, key, number=True) for key in "bcd")]
    for plain in (
        table.html("T", columns[:3], [row]),
        table.html("T", numbers, [row]),
        table.html("T", columns, [row], scrolls=True),
    ):
        assert "fs-stacks" not in plain
        assert "data-heading" not in plain


def test_small_multiples_share_one_scale_and_keep_their_order(
    series: Callable[..., pl.DataFrame], safe: dict
) -> None:
    low = series((0.2, 0.3, 0.25), unit_id="low", lower=None, upper=None, centre=0.25)
    frame = pl.concat([low, series((0.9, 1.0, None), unit_id="high")])
    names = {"high": "Zebra", "low": "Ash", "none": NASTY}
    rows = small_multiples.rows(frame, safe, names)
    markup = small_multiples.html(rows, safe, {"low": "Says."}, "?ward={unit}")
    _well_formed(markup)
    assert markup.count(">20%<") == 2
    assert markup.index("Zebra") < markup.index("Ash")
    assert 'role="img" aria-label="Ash. Says."' in markup
    assert markup.count("No data") == 1
    captions = {"low": '<a href="figure">20%</a>'}
    shown = small_multiples.html(rows, safe, {"low": "Says."}, "?ward={unit}", captions)
    assert '<a href="figure">20%</a></figcaption>' in shown
    assert 'aria-label="Ash. Says."' in shown


def test_small_multiples_of_nothing_are_a_sentence(safe: dict) -> None:
    empty = small_multiples.rows(pl.DataFrame(schema={"unit_id": pl.String}), safe, {"a": "A"})
    assert "no values" in small_multiples.html(empty, safe, {})


def test_the_grid_of_returns_marks_what_else_there_is_to_know() -> None:
    about = {"trust_code": "Z01", "trust_name": "Zedshire", "state": "late"}
    marks = {"queries_open": 2, "provisional": True, "nil": True, "shut": False}
    here = {**about, "month": date(2025, 1, 1), **marks}
    plain = {**about, "month": date(2025, 2, 1), **dict.fromkeys(marks)}
    cells = returns_grid.rows(pl.DataFrame([here, plain]))[0]
    _well_formed(cells["2025-01-01"])
    assert '<sup class="fs-mark" aria-hidden="true">? p 0</sup>' in cells["2025-01-01"]
    said = "Received late, queries to explain, provisional, no incident on any ward"
    assert f'<span class="fs-hidden">{said}</span>' in cells["2025-01-01"]
    assert "<sup" not in cells["2025-02-01"]
    for letter, words in returns_grid.MARKS.values():
        assert f">{letter}</span>{words[0].upper()}{words[1:]}</li>" in returns_grid.key()


def test_the_grid_of_returns_says_every_state_by_letter_shape_and_word() -> None:
    grid = pl.DataFrame(
        [
            {
                "trust_code": "Z01",
                "trust_name": "Zedshire",
                "month": date(2025, number + 1, 1),
                "state": state,
            }
            for number, state in enumerate(RETURN_STATES)
        ]
    )
    leads = dict.fromkeys(RETURN_STATES, "?t={trust}")
    markup = returns_grid.html("Returns", returns_grid.rows(grid, leads))
    _well_formed(markup)
    for state in RETURN_STATES:
        letter, words = returns_grid.STATES[state]
        assert f'<span class="fs-hidden">{words}</span>' in markup
        assert f'class="fs-badge fs-{state}"' in markup
        assert f">{letter}</span>" in markup
    assert markup.count('href="?t=Z01"') == len(RETURN_STATES)
    assert len(returns_grid.rows(grid, last=2)[0]) == 3
    assert "<sup" not in markup
    assert len({letter for letter, _ in returns_grid.STATES.values()}) == len(RETURN_STATES)


def test_on_paper_a_charts_table_says_the_same(series, safe):
    drawn = table.of_points("Safe", series((0.9, 0.5)), safe)
    words = [text.replace("\N{NO-BREAK SPACE}", " ") for text in drawn.texts()[-1]]
    assert words[:3] == ["April 2024", "90%", "11 of 12"]
    assert all(word in drawn.html().replace("\N{NO-BREAK SPACE}", " ") for word in words)


def test_every_figure_in_a_charts_table_leads_to_where_it_came_from(series, safe):
    points = series()
    markup = table.of_points(
        "Safe", points, safe, lambda month, months: f"to-{month}-{months}"
    ).html()
    for month in points["month"].to_list():
        assert f'<a href="to-{month:%Y-%m}-1"' in markup
    assert "<a " not in table.of_points("Safe", points, safe).html()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": None}, "No target"),
        ({"n": 4}, "Too few months to say"),
        ({"n": 4, "months": 3}, "Too few quarters to say"),
        ({"n": 9, "months_valid": 12}, "Too few months with enough people to say"),
        ({"n": 22, "chart": "run"}, "Its chart has no limits to judge it by"),
    ],
)
def test_a_series_without_assurance_says_the_true_reason(change: dict, said: str) -> None:
    about = {
        "name": "Patients who feel safe",
        "unit": "percent",
        "multiplier": 100,
        "target": 100.0,
        "restricted": False,
    }
    row = _now(variation="common", chart="xmr") | _signals(assurance=None).row(0, named=True)
    markup = measure_table.html("Alder Ward", pl.DataFrame([row | about | change]))
    assert f">{said}<" in markup


def test_each_path_has_a_column_of_its_own(series, safe, aimed):
    both = aimed({}, {"own": True, "target": 0.7, "judged": False})
    drawn = table.of_points("Safe", series(), safe, ambitions=both)
    assert [column.heading for column in drawn.columns[-2:]] == ["Target", "Own target"]
    by_month = {row["when"].replace("\N{NO-BREAK SPACE}", " "): row for row in drawn.rows}
    assert by_month["August 2024"]["Target"] == "None"
    assert by_month["September 2024"]["Target"] == "60%"
    assert (by_month["March 2025"]["Target"], by_month["March 2025"]["Own target"]) == (
        "75%",
        "65%",
    )


def test_a_quarter_is_asked_the_mean_of_its_months(series, safe, aimed):
    quarter = {0: {"month": date(2024, 10, 1), "months": 3}}
    drawn = table.of_points("Safe", series((0.7,), quarter), safe, ambitions=aimed())
    assert drawn.rows[0]["Target"] == "65%"
