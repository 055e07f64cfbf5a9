"""Did it help? What the screen says, shows and gives out, and to whom."""

import re

import pytest

from dashboard.screens import menu
from pipelines.effect.run import run
from tests.dashboard.screens.opening import LEAD1, REGION, TEAM, shown
from tests.pipelines.effect.programmes import programme, saved

pytestmark = pytest.mark.slow


def headline(app) -> str:
    (found,) = re.findall(
        r'<p class="fs-answer">(.*?)</p>', "".join(h.proto.body for h in app.get("html"))
    )
    return found


def test_a_difference_is_said_as_the_command_says_it(visit, tmp_path):
    app = visit(TEAM, "did-it-help")
    assert not app.exception
    told = run(saved(programme(0.15), tmp_path))
    said = told.sentences[0].replace("units", "wards")
    assert headline(app) == f"A charter in place, and patients feel safe. {said}"
    text = shown(app)
    assert "Patients feel safe: higher than expected on wards that had started" in text
    for part in (
        "Before the start",
        "With a pretend start",
        "If wards that started had been rising",
    ):
        assert part in text
    assert "Trust of Z24" in text


def test_what_is_left_out_is_said_with_an_answer_and_with_a_refusal(visit):
    said = (
        "Left out: 18 months for which a ward sent no figure, 1 ward without a usable figure "
        "(Ward A of Z25 (Z25-A)) and 1 trust without a usable figure (Trust of Z25)."
    )
    for start in ("charter", "building"):
        app = visit(TEAM, "did-it-help", start=start)
        assert said in shown(app)
        (table,) = re.findall(r"when each ward started.*?</table>", shown(app), re.S) or [""]
        assert "Left out: without a usable figure" in table


def test_two_wards_of_one_name_are_told_apart_by_their_codes(visit):
    text = shown(visit(TEAM, "did-it-help"))
    (table,) = re.findall(r"when each ward started.*?</table>", text, re.S)
    for code in ("Z03-A", "Z03-B"):
        assert table.count(f"Ward A of Z03 ({code})") == 1
    assert table.count("Ward A of Z04<") == 1
    assert "Ward A of Z04 (" not in table


def test_the_chart_has_a_table_of_every_month_and_the_pretend_start(visit):
    text = shown(visit(TEAM, "did-it-help"))
    for words in ("All months since the start", "3 months before the start", "1 month later"):
        assert words in text


def test_no_clear_difference_says_what_would_have_been_found(visit):
    app = visit(TEAM, "did-it-help", start="training")
    assert headline(app).startswith("Training, and patients feel safe. No clear difference: once ")
    assert "would have been found about 8 times in 10" in headline(app)


def test_a_refusal_says_why_and_what_would_help_and_shows_no_chart(visit):
    app = visit(TEAM, "did-it-help", start="building")
    assert headline(app) == (
        "A change to the building, and patients feel safe. Too few trusts started: 2, and 5 are "
        "needed to tell a difference from the ups and downs of each. It can be said once more have "
        "started."
    )
    assert not app.get("vega_lite_chart")
    assert "the figures can’t say whether it helped" in shown(app)


def test_a_rate_is_a_ratio(visit):
    app = visit(TEAM, "did-it-help", measure="SS-I1")
    assert "The rate ratio is 1." in headline(app)
    assert "Times what was expected" in shown(app)


def test_a_measure_without_a_figure_says_so(visit):
    app = visit(TEAM, "did-it-help", measure="SS-O2")
    assert not app.exception
    assert headline(app).endswith("No ward has sent a figure of this measure that can be compared.")


@pytest.mark.parametrize("measure", ["SS-O1", "SS-I1"])
@pytest.mark.parametrize("start", ["charter", "training", "building"])
def test_nothing_on_the_screen_says_that_it_was_caused(visit, start, measure):
    text = shown(visit(TEAM, "did-it-help", start=start, measure=measure))
    assert not re.search(r"\b(caused|because of|thanks to|led to|impact)\b", text)


def test_measures_of_the_charter_itself_and_restricted_ones_are_not_offered(visit):
    app = visit(TEAM, "did-it-help")
    offered = set(app.selectbox(key="measure").proto.options)
    assert "Patients who feel safe from sexual harm" in offered
    assert "Ward charter in place" not in offered
    assert not any("alleged" in name for name in offered)
    assert app.selectbox(key="start").proto.options == [
        "A charter in place",
        "Training",
        "A change to the building",
    ]


def test_the_answer_and_the_figures_it_rests_on_can_be_downloaded(visit):
    app = visit(TEAM, "did-it-help")
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == [
        "Download the answer (CSV)",
        "Download the figures it rests on (CSV)",
        "Download the learning radar (CSV)",
    ]
    refused = visit(TEAM, "did-it-help", start="building")
    assert [button.proto.label for button in refused.get("download_button")] == labels[1:]


@pytest.mark.parametrize("email", [LEAD1, REGION])
def test_trusts_and_regions_have_no_such_screen(visit, email):
    assert visit(email, "did-it-help").title[0].value != "Did it help?"
    for role in ("trust", "region"):
        assert "did-it-help" not in {path for _, _, path in menu.SCREENS[role]}
