"""Sending a return by program: what is saved, what is not, and which response says so."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.api.form import named
from pipelines.reading.file_kind import LARGEST_FILE
from tests import worlds
from tests.dashboard.api.conftest import LAST, NEXT
from tests.dashboard.api.problem_details import problem

ALL = json.dumps({"*": "Checked with the ward"})


def test_a_return_is_kept_and_its_receipt_has_an_address(api, good):
    answer = api.send(good, answers=ALL)
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert answer.headers["location"] == f"/api/v1/returns/Z01-{NEXT}-1"
    assert (said["id"], said["trust"], said["version"]) == (f"Z01-{NEXT}-1", "Z01", 1)
    assert said["received_by"].startswith(f"{worlds.LEAD} (token ")
    assert said["state"] == "in use"
    assert f"Z01/{NEXT}/1" in api.versions()
    again = api.ask("GET", answer.headers["location"].removeprefix("/api"))
    about = ("already_kept", "answers_kept", "answers_carried", "figures")
    assert again.json() == {name: what for name, what in said.items() if name not in about}


def test_the_same_file_again_gets_the_same_receipt_and_no_version(api, good):
    first, second = api.send(good, answers=ALL), api.send(good, answers=ALL)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["already_kept"] is False
    assert second.json()["already_kept"] is True
    assert second.json()["received_at"] == first.json()["received_at"]
    assert api.versions().count(f"Z01/{NEXT}/1") == 1


def test_two_at_once_with_the_same_file_give_one_version(api, good):
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: api.send(good, answers=ALL), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [name for name in api.versions() if str(NEXT) in name] == [f"Z01/{NEXT}/1"]


def test_nothing_is_replaced_that_the_sender_did_not_know_of(api, good, with_rows):
    other = with_rows(pt_safe=1)
    for nothing in (f"Z01-{NEXT}-1", "Z02-2025-01-1", "the last one"):
        problem(api.send(good, answers=ALL, replaces=nothing), 400, "bad-request")
    wrong_month = api.send(good, answers=ALL, replaces="Z01-2025-01-1")
    problem(wrong_month, 409, "overtaken")
    assert api.send(good, answers=ALL, replaces="none").status_code == 201
    said = problem(api.send(other, answers=ALL, replaces="none"), 409, "overtaken")
    assert said["month"] == str(NEXT)
    assert api.send(good, answers=ALL, replaces="none").status_code == 200  # asked again
    assert api.send(other, answers=ALL, replaces=f"Z01-{NEXT}-1").status_code == 201
    assert api.versions().count(f"Z01/{NEXT}/2") == 1


def test_queries_are_asked_once_and_each_wants_its_answer(api, with_rows):
    few = with_rows(pt_answered=2, pt_safe=2)
    said = problem(api.send(few), 409, "queries-need-answers")
    assert "W01" in said["answers_needed"]
    assert {p["code"] for p in said["problems"] if p["severity"] == "query"} == set(
        said["answers_needed"]
    )
    assert all(code in said["detail"] for code in said["answers_needed"])
    assert f"Z01/{NEXT}/1" not in api.versions()
    reasons = dict.fromkeys(said["answers_needed"], "Few were well enough to be asked")
    kept = api.send(few, answers=json.dumps(reasons))
    assert kept.status_code == 201
    assert {q["answer"] for q in kept.json()["queries"] if q["severity"] == "query"} == {
        "Few were well enough to be asked"
    }


def test_a_corrected_file_is_kept_with_what_was_said_last_time(api, with_rows):
    few = {"pt_answered": 2, "pt_safe": 1}
    assert api.send(with_rows(**few), answers='{"*": "Few were well"}').status_code == 201
    corrected = with_rows(**few, patients_present=15)
    looked = api.send(corrected, check_only="true").json()
    assert looked["answers_needed"] == []
    assert looked["answers_carried"]["W01 monthly!F2"] == "Few were well"
    kept = api.send(corrected)
    assert kept.status_code == 201
    assert kept.json()["answers_carried"] == looked["answers_carried"]
    other = problem(api.send(with_rows(pt_answered=1, pt_safe=0)), 409, "queries-need-answers")
    assert "W01 monthly!F2" not in other["answers_carried"]
    named = api.send(with_rows(**few, patients_present=14), answers='{"W01": "Only two stayed"}')
    assert {q["answer"] for q in named.json()["queries"] if q["code"] == "W01"} == {
        "Only two stayed"
    }


def test_a_reason_that_tells_who_it_was_is_not_kept(api, with_rows):
    reason = json.dumps({"*": "Ask Mrs Smith, NHS number 943 476 5919"})
    said = problem(
        api.send(with_rows(pt_answered=2, pt_safe=2), answers=reason), 422, "answer-not-kept"
    )
    assert "943" not in said["detail"]
    assert f"Z01/{NEXT}/1" not in api.versions()


def test_errors_come_all_at_once_as_check_prints_them(api, with_rows):
    said = problem(api.send(with_rows(pt_safe=999, staff_in_post="many")), 422, "problems-to-fix")
    errors = [p for p in said["problems"] if p["severity"] == "error"]
    assert {error["column"] for error in errors} == {"pt_safe", "staff_in_post"}
    keys = ["severity", "code", "sheet", "cell", "row", "column", "value", "message", "fix"]
    assert all(list(error) == keys for error in errors)
    assert f"Z01/{NEXT}/1" not in api.versions()


def test_only_checking_keeps_nothing_and_leaves_no_attempt(api, good, with_rows):
    before = sorted(path for path in api.home.root.rglob("*") if path.is_file())
    clean = api.send(good, check_only="true", answers=ALL)
    assert (clean.status_code, clean.json()["answers_needed"]) == (200, [])
    few = api.send(with_rows(pt_answered=2, pt_safe=2), check_only="true").json()
    assert few["outcome"] == "queries"
    assert "W01" in few["answers_needed"]
    wrong = api.send(with_rows(pt_safe=999), check_only="true")
    assert (wrong.status_code, wrong.json()["outcome"]) == (200, "errors")
    assert sorted(path for path in api.home.root.rglob("*") if path.is_file()) == before


@pytest.mark.parametrize("check_only", ["false", "true"])
def test_another_trusts_return_is_refused_and_not_looked_into(api, check_only):
    theirs = worlds.return_file("Z02", NEXT)
    said = problem(api.send(theirs, answers=ALL, check_only=check_only), 403, "not-your-trust")
    assert "DOGWD1" not in json.dumps(said)
    assert f"Z02/{NEXT}/1" not in api.versions()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"%PDF-1.4", b"\0\1\2"])
def test_what_cannot_be_read_gets_a_sentence(api, content):
    said = problem(api.send(content), 400, "file-unreadable")
    assert said["problems"][0]["fix"] in said["detail"]


def test_a_file_that_is_too_big_is_refused(api):
    problem(api.send(b"1" * (LARGEST_FILE + 1)), 413, "file-too-big")


def test_what_is_far_too_big_is_refused_before_it_is_read(api):
    sent = []

    async def endless():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for piece in range(100):
            sent.append(piece)
            yield b"1" * 100_000

    form = {"content-type": "multipart/form-data; boundary=x"}
    answer = api.ask("POST", "/v1/returns", content=endless(), extra_headers=form)
    problem(answer, 413, "file-too-big")
    assert len(sent) < 100


@pytest.mark.parametrize(
    ("request_of", "status", "kind"),
    [
        ({"content": b"figures"}, 415, "not-a-form"),
        ({"json": {"file": "x"}}, 415, "not-a-form"),
        ({"files": {"other": ("a.csv", b"x")}}, 400, "bad-request"),
        ({"files": {"file": (None, "x")}}, 400, "bad-request"),
        ({"files": {"file": ("a", b"x"), "answers": (None, "W01")}}, 400, "bad-request"),
        ({"files": {"file": ("a", b"x"), "answers": (None, "[1]")}}, 400, "bad-request"),
        ({"files": {"file": ("a", b"x"), "answers": (None, "[" * 9999)}}, 400, "bad-request"),
        ({"files": {"file": ("a", b"x"), "check_only": (None, "maybe")}}, 400, "bad-request"),
        ({"files": [("file", ("a", b"x")), ("file", ("b", b"x"))]}, 400, "bad-request"),
        (
            {"content": b"x", "extra_headers": {"content-type": "multipart/form-data"}},
            400,
            "bad-request",
        ),
    ],
)
def test_a_request_that_is_no_form_with_a_file_says_what_to_send(api, request_of, status, kind):
    problem(api.ask("POST", "/v1/returns", **request_of), status, kind)


@pytest.mark.parametrize(
    "filename",
    ["../../etc/x.zip", "a.z\0p", "x" * 400 + ".zip", "a." + "b" * 400, "con\r\n.é?", ""],
)
def test_no_file_name_leads_anywhere_or_breaks_anything(api, good, filename):
    name = named(filename)
    assert len(name) < 120
    assert not set(name) & set("/\\\0\r\n:")
    answer = api.ask("POST", "/v1/returns", files={"file": (name, good)}, data={"answers": ALL})
    assert answer.status_code == 201, answer.text
    assert answer.json()["filename"] == name


def test_what_nobody_foresaw_is_a_sentence_and_the_log_quotes_no_data(
    api, good, monkeypatch, caplog
):
    def broken(*_, **__):
        raise KeyError("Patient number 943 476 5919")

    monkeypatch.setattr("dashboard.api.returns.submit", broken)
    with caplog.at_level(logging.ERROR):
        answer = api.send(good, answers=ALL)
    problem(answer, 500, "unexpected")
    assert "943" not in answer.text + caplog.text
    assert "broken" in caplog.text


def test_what_was_asked_for_is_audited_without_a_figure_or_a_name(api, good, caplog):
    with caplog.at_level(logging.INFO, "feeling_safe.audit"):
        api.send(good, answers=ALL)
        api.send(worlds.return_file("Z02", NEXT))
        api.ask("GET", f"/v1/template?trust=Z01&month={NEXT}")
    lines = [json.loads(r.getMessage()) for r in caplog.records if r.name == "feeling_safe.audit"]
    assert [line["action"] for line in lines] == ["api_send", "api_send", "api_template"]
    assert [line["target"].get("receipt") for line in lines] == [f"Z01/{NEXT}/1", None, None]
    assert "@" not in caplog.text
    assert api.token not in caplog.text


def test_the_same_file_again_with_new_answers_has_them_kept_beside_its_receipt(api, with_rows):
    few = with_rows(pt_answered=2, pt_safe=2)
    first = api.send(few, answers=ALL).json()
    again = api.send(few, answers=ALL)
    assert (again.status_code, again.json()["answers_kept"]) == (200, 0)
    better = api.send(few, answers=json.dumps({"W01": "Two were well enough to be asked"}))
    assert (better.status_code, better.json()["state"]) == (200, "in use")
    assert better.json()["answers_kept"] >= 1
    assert better.json()["id"] == first["id"]
    receipt = api.ask("GET", f"/v1/returns/{first['id']}").json()
    said = {query["answer"] for query in receipt["queries"] if query["code"] == "W01"}
    assert said == {"Two were well enough to be asked"}
    assert receipt["state"] == "in use"
    named = problem(api.send(few, answers='{"W01": "Ask Mrs Smith"}'), 422, "answer-not-kept")
    assert "Smith" not in named["detail"]
    assert named["answers_needed"] == ["W01"]


def test_a_return_whose_queries_were_answered_since_can_be_named_in_replaces(api, good, with_rows):
    few = with_rows(pt_answered=2, pt_safe=2)
    first = api.send(few, answers=ALL).json()
    api.send(few, answers=json.dumps({"W01": "Two were well enough to be asked"}))
    assert api.send(good, answers=ALL, replaces=first["id"]).status_code == 201


def test_a_file_for_another_trust_is_refused_without_saying_whether_it_is_known(api):
    known = api.home.archive.original(api.home.archive.receipts()[-1]).read_bytes()
    assert api.versions()[-1].startswith("Z02/")
    rows = [worlds.monthly_row(ward, LAST, patients_present=15) for ward in worlds.WARDS["Z02"]]
    unknown = worlds.return_file("Z02", LAST, monthly=rows)
    for check_only in ("true", "false"):
        said = [
            problem(api.send(content, check_only=check_only), 403, "not-your-trust")
            for content in (known, unknown)
        ]
        assert said[0] == said[1]
        assert [p["code"] for p in said[0]["problems"]] == ["F04"]


def test_a_correction_that_leaves_a_ward_out_must_be_explained(api):
    rows = [worlds.monthly_row(ward, LAST) for ward in worlds.WARDS["Z01"][:2]]
    content = worlds.return_file("Z01", LAST, monthly=rows)
    said = problem(api.send(content), 409, "queries-need-answers")
    assert "W18" in said["answers_needed"]
    assert any(p["message"].startswith("Cedar1 Ward (CEDAR1): ") for p in said["problems"])
    assert api.send(content, answers='{"W18": "Sent twice", "*": "Checked"}').status_code == 201


def test_the_workbook_of_a_sent_month_can_be_sent_back_unchanged(api):
    workbook = api.ask("GET", f"/v1/template?trust=Z01&month={LAST}").content
    said = api.send(workbook, check_only="true").json()
    assert said["outcome"] in ("clean", "queries")
    assert said["answers_needed"] == []
