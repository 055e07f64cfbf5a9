"""The Register screen: what there is, every act with its confirmation, and every refusal."""

from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.page import session
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.registers import bundle, people_acts, ward_acts
from pipelines.registers.files import as_csv
from pipelines.releasing.build import build
from schemas.periods import Month
from tests import worlds

pytestmark = pytest.mark.slow

FIRST, LAST = Month(2025, 12), Month(2026, 1)
NOW = datetime(2026, 3, 10, 10, 30, tzinfo=UTC)
DAY = date(2026, 4, 1)
OTHER = "other@programme.example"


@pytest.fixture(scope="module")
def made_home(tmp_path_factory) -> Home:
    made = worlds.small_world(
        tmp_path_factory.mktemp("register") / "home", FIRST, LAST, first_month=str(FIRST)
    )
    build(made, worlds.received(LAST))
    return made


@pytest.fixture
def home(home: Home, at_the_door) -> Home:
    at_the_door(home.root, NOW)
    return home


@pytest.fixture
def visit(home, open_screen):
    def begin(look: str = "Trusts", act: str | None = None) -> AppTest:
        app = open_screen(worlds.TEAM, "register", look=look)
        assert not app.exception
        return app.selectbox(key="register_act").select(act).run() if act else app

    return begin


def words(app: AppTest) -> str:
    assert not app.exception
    return repr(app.main) + "\n".join(repr(element.proto) for element in app.main)


def fill(app: AppTest, **values: object) -> AppTest:
    """Fill in and choose one field after another, each with its own rerun."""
    for key, value in values.items():
        for kind in (app.text_input, app.number_input, app.date_input, app.selectbox):
            found = [element for element in kind if element.key == f"register_{key}"]
            if found:
                app = found[0].set_value(value).run()
                break
        else:
            app = app.multiselect(key=f"register_{key}").set_value(value).run()
    return app


def keep(app: AppTest, reason: str = "As agreed with the trust") -> AppTest:
    app = fill(app, reason=reason)
    app = app.button(key="register_begin").click().run()
    assert not app.error, [error.value for error in app.error]
    return app.button(key="register_yes").click().run()


def change_beds(visit, beds: int = 14) -> AppTest:
    app = visit("Wards", "Change a ward: name, beds, class, sex")
    app = fill(app, change_trust="Z01", change_ward_Z01="ALDER1")
    return fill(app, beds_Z01_ALDER1=beds, day=DAY)


def newest(home: Home):
    return home.archive.newest_register()


def test_the_headline_says_how_much_there_is_and_who_saved_it(visit):
    text = words(visit())
    assert "2 trusts, 5 open wards and 2 people with access. Version 1 of the register" in text
    assert f"by {worlds.TEAM}: “The first register”" in text


@pytest.mark.parametrize(
    ("look", "seen"),
    [
        ("Trusts", "Tiny trust Z02"),
        ("Wards", "Acute adult wards, women"),
        ("People", worlds.LEAD),
        ("Versions", "The first register"),
        ("Files", "Download version 1"),
    ],
)
def test_each_part_shows_what_it_is_about(visit, look, seen):
    assert seen in words(visit(look))


@pytest.mark.parametrize("beds", [0, 61, -1])
def test_a_number_of_beds_that_can_not_be_gets_a_sentence_and_is_not_ignored(visit, beds):
    app = change_beds(visit, beds)
    box = app.number_input(key="register_beds_Z01_ALDER1")
    assert (box.min, box.max) == (None, None)  # the browser would ignore what lies outside them
    assert f"{beds} beds: a ward has 1 to 60." in app.error[0].value
    assert not [found for found in app.button if found.key == "register_begin"]


def test_the_list_is_searched_and_hides_what_has_ended(visit, home):
    closed = ward_acts.close_ward(newest(home), "Z01", "ALDER1", date(2026, 3, 1))
    home.archive.keep_register(closed, Decided(worlds.TEAM, NOW, "Closed"))
    app = visit("Wards")
    assert "4 of 4 wards" in words(app)
    assert "Alder1 Ward" not in words(app)
    app = app.toggle(key="register_ended_wards").set_value(True).run()
    assert "Alder1 Ward" in words(app)
    app = app.text_input(key="register_search_wards").set_value("tiny trust z02").run()
    assert "2 of 5 wards" in words(app)
    app = app.text_input(key="register_search_wards").set_value("nothing like it").run()
    assert "Nothing in the register matches." in words(app)


def test_beds_change_after_a_preview_a_reason_and_confirmation(visit, home):
    app = change_beds(visit)
    assert "beds 16 → 14" in words(app)
    app = app.button(key="register_begin").click().run()
    assert "Say why" in app.error[0].value
    app = fill(app, reason="Two beds taken out of use")
    app = app.button(key="register_begin").click().run()
    assert app.warning[0].value.startswith(
        "Alder1 Ward (Z01-ALDER1): beds 16 → 14 from 1 April 2026. Save this as version 2?"
    )
    assert newest(home).version == 1
    before = (home.releases / "CURRENT").read_text()
    app = app.button(key="register_yes").click().run()
    assert app.success[0].value.startswith("Saved in the register: Alder1 Ward")
    assert "recalculated" in app.success[0].value
    assert (home.releases / "CURRENT").read_text() != before
    assert app.selectbox(key="register_act").value is None
    assert "Two beds taken out of use" in words(app)
    row = newest(home).wards.filter(ward_code="ALDER1").sort("valid_from")
    assert row["beds"].to_list() == [16, 14]
    assert home.archive.registers()[-1].received_by == worlds.TEAM


def test_a_change_that_begins_in_the_past_is_pointed_out(visit):
    app = fill(change_beds(visit), day=date(2026, 1, 5), reason="Told late")
    app = app.button(key="register_begin").click().run()
    assert "It takes effect in the past" in app.warning[0].value


def test_no_leaves_the_register_as_it_is(visit, home):
    app = fill(change_beds(visit), reason="A mistake")
    app = app.button(key="register_begin").click().run()
    app = app.button(key="register_no").click().run()
    assert not app.warning
    assert newest(home).version == 1


def test_another_choice_must_be_confirmed_again(visit, home):
    app = fill(change_beds(visit), reason="So")
    app = app.button(key="register_begin").click().run()
    app = fill(app, beds_Z01_ALDER1=12)
    assert not app.warning
    assert newest(home).version == 1


def test_nothing_is_offered_before_something_differs(visit):
    app = visit("Wards", "Change a ward: name, beds, class, sex")
    app = fill(app, change_trust="Z01", change_ward_Z01="ALDER1")
    assert "what will change is shown here" in words(app)
    assert not [button for button in app.button if button.key == "register_begin"]


def test_a_ward_closes_but_not_before_the_register_knew_it(visit, home):
    app = fill(visit("Wards", "Close a ward"), close_trust="Z02", close_ward_Z02="ELDER1", day=DAY)
    assert "Last day open 1 April 2026" in words(app)
    app = keep(app)
    assert newest(home).wards.filter(ward_code="ELDER1")["open_to"].to_list() == [DAY]
    app = app.selectbox(key="register_act").select("Open a closed ward again").run()
    app = fill(app, reopen_trust="Z02", reopen_ward_Z02="ELDER1", day=DAY)
    assert "is open until 1 April 2026: choose a later day" in app.error[0].value


def test_a_new_ward_whose_code_is_taken_is_refused_with_everything_that_is_wrong(visit, home):
    app = fill(
        visit("Wards", "Add a ward"),
        trust="Z01", ward_code="ALDER1", name_new="Fern Ward", site_new="Z1", opens=DAY,
    )  # fmt: skip
    assert "“Z1” is not a site code" in app.error[0].value
    assert "has a ward with this code already" in app.error[0].value
    app = keep(fill(app, ward_code="fern1", site_new="Z0101"))
    assert newest(home).wards.filter(ward_code="FERN1")["open_from"].to_list() == [DAY]


def test_a_ward_moves_under_a_code_that_is_free(visit, home):
    app = visit("Wards", "Move a ward to another trust")
    app = fill(app, move_trust="Z01", move_ward_Z01="ALDER1", to="Z02", day=DAY)
    app = fill(app, code_Z01_ALDER1_Z02="ELDER1")
    assert "Z02 uses the code ELDER1 for another ward" in app.error[0].value
    app = keep(fill(app, code_Z01_ALDER1_Z02="ALDER1"))
    assert "becomes Z02-ALDER1 from 1 April 2026" in app.success[0].value


def test_a_trust_merges_and_its_people_see_the_other_only_if_chosen(visit, home):
    app = visit("Trusts", "Merge a trust into another")
    app = fill(app, trust="Z01")
    assert "Z01" not in app.selectbox(key="register_into").options[0]
    app = fill(app, into="Z02", day=DAY)
    assert "trusts Z01 → Z01 Z02" not in words(app)
    app = fill(app, people_Z01_Z02=[worlds.LEAD])
    assert "trusts Z01 → Z01 Z02" in words(app)
    app = keep(app)
    assert newest(home).trusts.filter(trust_code="Z01")["successor_code"].to_list() == ["Z02"]
    assert "becomes Z02 from 1 April 2026" in app.success[0].value


def test_a_trust_is_added_and_renamed(visit, home):
    app = fill(visit("Trusts", "Add a trust"), trust_code="Q1", trust_name="Third")
    app = fill(app, trust_region="Y56", trust_joined=date(2026, 4, 17))
    assert "“Q1” is not a trust code" in app.error[0].value
    app = keep(fill(app, trust_code="Z03"))
    assert newest(home).trusts.filter(trust_code="Z03")["joined"].to_list() == [DAY]
    app = app.selectbox(key="register_act").select("Rename a trust, or change its region").run()
    app = keep(fill(app, trust="Z03", name_Z03="Third trust", day=date(2026, 5, 1)))
    assert newest(home).trusts.filter(trust_code="Z03").height == 2


def test_a_trust_joins_with_its_wards_and_its_lead_in_one_change(visit, home):
    before = newest(home)
    app = fill(visit("Trusts", "Add a trust"), trust_code="z03", trust_name="Third")
    app = fill(app, trust_region="Y56", trust_joined=date(2026, 4, 17), wards=2)
    app = fill(app, ward_1="HOLLY1", name_ward1="Holly", ward_2="HOLLY1", name_ward2="Ivy")
    app = fill(app, lead_email="nobody", lead_name="Nia New")
    wrong = app.error[0].value
    assert "Ward 2: Z03 has a ward with this code already: Holly" in wrong
    assert "Trust lead: " in wrong
    assert newest(home) == before
    app = keep(fill(app, ward_2="IVY1", beds_ward2=9, lead_email="nia@third.example"))
    after = newest(home)
    assert after.version == before.version + 1
    assert after.trusts.filter(trust_code="Z03")["joined"].to_list() == [DAY]
    wards = after.wards.filter(trust_code="Z03").select(
        "ward_code", "ward_name", "beds", "open_from"
    )
    assert wards.rows() == [("HOLLY1", "Holly", 16, DAY), ("IVY1", "Ivy", 9, DAY)]
    lead = after.access.filter(email="nia@third.example").row(0, named=True)
    assert (lead["name"], lead["role"], lead["trusts"]) == ("Nia New", "trust", "Z03")
    assert (lead["valid_from"], lead["valid_to"]) == (NOW.date(), None)


def test_a_group_is_made_and_a_ward_leaves_it(visit, home):
    app = visit("Groups", "Add a group")
    app = fill(app, group_code="NORTH1", group_name="North board", group_kind="icb", day=DAY)
    app = keep(fill(app, members_new=["Z01", "Z02-ELDER1"]))
    said = words(app)
    assert "North board (NORTH1) includes Z01 from 1 April 2026." in said
    assert "Elder1 Ward, Tiny trust Z02 (Z02-ELDER1)" in said
    assert newest(home).groups["member"].to_list() == ["Z01", "Z02-ELDER1"]
    app = visit("Groups", "A trust or ward leaves a group")
    app = fill(app, group="NORTH1", member_NORTH1="Z02-ELDER1", day=date(2026, 4, 30))
    assert "no longer includes Z02-ELDER1" in words(keep(app))
    app = visit("Groups", "Trusts or wards join a group")
    app = keep(fill(app, group="NORTH1", members_NORTH1=["Z02"], day=DAY))
    app = visit("Groups", "Rename a group")
    app = keep(fill(app, group="NORTH1", group_name_NORTH1="Northern board"))
    groups = newest(home).groups
    assert groups["group_name"].unique().to_list() == ["Northern board"]
    assert groups["member"].to_list() == ["Z01", "Z02", "Z02-ELDER1"]


def test_a_person_is_given_access_once(visit, home):
    app = fill(visit("People", "Give a person access"), email="LEAD@trust.example", person="Again")
    app = fill(app, role_new="trust", trusts_new=["Z02"])
    assert "is in the register already, from 1 January 2019" in app.error[0].value
    app = keep(fill(app, email="new@trust.example", until=date(2026, 12, 31)))
    given = newest(home).access.filter(email="new@trust.example").row(0, named=True)
    assert (given["trusts"], given["valid_to"]) == ("Z02", date(2026, 12, 31))


def test_what_a_person_may_see_changes_at_once(visit, home, monkeypatch):
    app = visit("People", "Change what a person may see")
    app = fill(app, person_chosen=worlds.LEAD)
    app = keep(fill(app, **{f"trusts_{worlds.LEAD}": ["Z02"]}))
    assert app.success
    monkeypatch.setattr(session, "demo_person", lambda: worlds.LEAD)
    assert session.visitor().trusts == {"Z02"}


def test_the_last_of_the_team_cannot_end_their_own_access(visit, home):
    app = fill(visit("People", "End a person’s access"), person_chosen=worlds.TEAM)
    assert "nobody on the programme team would have access" in app.error[0].value
    assert not [button for button in app.button if button.key == "register_begin"]


def test_ending_ones_own_access_asks_for_extra_care_and_then_closes_the_screen(visit, home):
    second = {"email": OTHER, "name": "Second", "role": "programme", "trusts": []}
    both = people_acts.give_access(newest(home), second, NOW.date(), None, NOW.date())
    home.archive.keep_register(both, Decided(worlds.TEAM, NOW, "A second one"))
    build(home, NOW)
    app = visit("People", "End a person’s access")
    app = fill(app, person_chosen=worlds.TEAM, day=date(2026, 3, 9))
    assert not [button for button in app.button if button.key == "register_begin"]
    app = app.checkbox(key="register_own").check().run()
    app = fill(app, reason="Leaving the team").button(key="register_begin").click().run()
    assert "This changes your own access." in app.warning[0].value
    app = app.button(key="register_yes").click().run()
    assert not app.exception
    assert "Register" not in [title.value for title in app.title]


def test_of_two_at_once_the_second_is_warned_and_nothing_of_theirs_is_saved(visit, home):
    app = fill(change_beds(visit), reason="Two fewer")
    app = app.button(key="register_begin").click().run()
    others = ward_acts.change_ward(newest(home), "Z01", "BIRCH1", DAY, {"beds": 9})
    home.archive.keep_register(others, Decided(OTHER, NOW, "Half of it is being painted"))
    app = app.button(key="register_yes").click().run()
    assert newest(home).version == 2
    assert "The register has changed while you were here" in app.warning[0].value
    assert f"by {OTHER}: “Half of it is being painted”" in app.warning[0].value
    assert "beds 16 → 9" in words(app)
    app = app.button(key="register_look_again").click().run()
    assert app.number_input(key="register_beds_Z01_ALDER1").value == 14
    app = keep(app)
    assert newest(home).version == 3
    beds = newest(home).wards.filter(valid_from=DAY).sort("ward_code")["beds"].to_list()
    assert beds == [14, 9]


def test_someone_a_moment_faster_is_named_and_nothing_is_overwritten(visit, home, monkeypatch):
    from dashboard.screens.register import save

    app = fill(change_beds(visit), reason="Two fewer")
    app = app.button(key="register_begin").click().run()
    keep_edited = save.keep_edited

    def too_late(to, *arguments):
        others = ward_acts.change_ward(newest(home), "Z01", "BIRCH1", DAY, {"beds": 9})
        home.archive.keep_register(others, Decided(OTHER, NOW, "Faster"))
        return keep_edited(to, *arguments)

    monkeypatch.setattr(save, "keep_edited", too_late)
    app = app.button(key="register_yes").click().run()
    assert "Your changes were not saved" in app.error[0].value
    assert OTHER in app.error[0].value
    assert newest(home).wards.filter(ward_code="ALDER1").height == 1


def test_an_earlier_version_is_restored_as_a_new_one(visit, home):
    app = keep(change_beds(visit))
    app = visit("Versions", "Restore an earlier version")
    app = fill(app, version_back=1)
    assert "beds 14 → 16" in words(app)
    app = keep(app, "Entered by mistake")
    assert newest(home).version == 3
    assert newest(home).wards["beds"].unique().to_list() == [16]
    text = words(visit("Versions"))
    assert "Entered by mistake" in text
    assert "beds 16 → 14 from 1 April 2026." in text


def test_edited_files_are_checked_shown_and_kept(visit, home):
    app = visit("Files", "Upload edited files")
    files = as_csv(newest(home))
    wrong = files["wards.csv"].replace(b",16,", b",90,")
    app = app.file_uploader[0].upload("wards.csv", wrong, "text/csv").run()
    assert app.error[0].value.count("wards.csv row") == 5
    app = visit("Files", "Upload edited files")
    right = files["wards.csv"].replace(b",16,", b",12,")
    app = app.file_uploader[0].upload("wards.csv", right, "text/csv").run()
    assert "beds 16 → 12" in words(app)
    app = keep(app)
    assert newest(home).wards["beds"].unique().to_list() == [12]


def test_files_made_from_an_older_version_are_refused(visit, home):
    old = bundle.as_zip(newest(home))
    keep(change_beds(visit))
    app = visit("Files", "Upload edited files")
    app = app.file_uploader[0].upload("register.zip", old, "application/zip").run()
    assert "made from version 1, but the register is now at version 2" in app.error[0].value


def test_every_change_is_in_the_audit_log_without_a_name_or_a_value(visit, home, caplog):
    caplog.set_level("INFO", "feeling_safe.audit")
    app = fill(visit("People", "End a person’s access"), person_chosen=worlds.LEAD)
    keep(app)
    lines = [r.message for r in caplog.records if '"register"' in r.message]
    assert len(lines) == 1
    assert '"what": "end access"' in lines[0]
    assert '"version": "2"' in lines[0]
    assert "lead@" not in lines[0]


def test_a_trust_lead_cannot_open_the_register(home, open_screen):
    app = open_screen(worlds.LEAD, "register", look="Trusts")
    assert "Register" not in [title.value for title in app.title]
    assert OTHER not in words(app)
    assert not [box for box in app.selectbox if box.key == "register_act"]


def undo(app: AppTest, turn: int = 0) -> AppTest:
    return app.button(key=f"register_straight_away_{turn}").click().run()


def test_several_wards_are_one_save_with_every_change_in_words_and_one_undo(visit, home):
    app = visit("Wards", "Change or close several wards at once")
    app = fill(app, several_wards=["Z01-ALDER1", "Z01-BIRCH1"])
    app = fill(app, day=DAY, beds_Z01_ALDER1=0, beds_Z01_BIRCH1=61)
    wrong = app.error[0].value
    assert "Z01-ALDER1: " in wrong
    assert "Z01-BIRCH1: " in wrong
    before = newest(home)
    app = fill(app, beds_Z01_ALDER1=14, name_Z01_BIRCH1="Birch House")
    app = fill(app, beds_Z01_BIRCH1=18)
    app = fill(app, **{"last_Z01-BIRCH1": date(2026, 6, 30)}, reason="The yearly review")
    app = app.button(key="register_begin").click().run()
    asked = app.warning[-1].value
    for change in (
        "beds 16 → 14 from 1 April 2026",
        "name Birch1 Ward → Birch House",
        "→ 18 from 1 April 2026",
        "closes, last day open 30 June 2026",
    ):
        assert change in asked, asked
    app = app.button(key="register_yes").click().run()
    assert newest(home).version == before.version + 1
    assert newest(home).wards.filter(ward_name="Birch House").height
    app = undo(app)
    assert "Undone: “Saved in the register: " in app.success[0].value
    assert newest(home).version == before.version + 2
    assert newest(home).wards.equals(before.wards)
    app = undo(app, 1)
    assert newest(home).wards.filter(ward_name="Birch House").height


def test_several_people_and_trusts_are_changed_at_once(visit, home):
    app = visit("People", "Change several people’s access at once")
    app = fill(app, several_access=[worlds.LEAD])
    app = fill(app, **{f"until_{worlds.LEAD}": date(2026, 12, 31)})
    keep(app)
    assert newest(home).access.filter(email=worlds.LEAD)["valid_to"][-1] == date(2026, 12, 31)
    app = visit("Trusts", "Change several trusts at once")
    app = fill(app, several_trusts=["Z01", "Z02"], name_Z01="First trust", name_Z02="Second trust")
    keep(app)
    names = set(newest(home).trusts["trust_name"])
    assert {"First trust", "Second trust"} <= names


def test_what_somebody_else_has_changed_since_is_not_undone(visit, home):
    app = keep(change_beds(visit))
    theirs = ward_acts.close_ward(newest(home), "Z01", "BIRCH1", date(2026, 3, 1))
    home.archive.keep_register(theirs, Decided(OTHER, NOW, "Closed"))
    app = undo(app)
    assert f"but {OTHER} saved version 3" in app.error[0].value
    assert newest(home).version == 3
