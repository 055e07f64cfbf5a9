"""A receipt proves itself, its file and its place in the record; a forged one doesn't."""

import json
import shutil

import pytest

from pipelines.keeping.home import Home
from pipelines.keeping.layout import chain_file, head_file
from pipelines.publishing import publish, unfit_heads
from pipelines.receipt_check import ReceiptError, check_receipt, known_line
from pipelines.verify_home import verify
from schemas.periods import Month
from tests import worlds

FILE = worlds.return_file("Z01", worlds.FIRST)
RETURN = "Z01/2025-01/1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return worlds.small_world(tmp_path_factory.mktemp("receipts") / "home", last=worlds.FIRST)


@pytest.fixture(scope="module")
def given(home):
    return home.archive.given(home.archive.receipts()[0])


@pytest.fixture(scope="module")
def heads(home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("heads")
    publish(home, Month(2025, 1), folder)
    return folder


def said(receipt, *others):
    return [(one.holds, one.sentence) for one in check_receipt(encoded(receipt), *others)]


def encoded(record):
    return json.dumps(record).encode()


def head_of(heads, trust="Z01"):
    return (heads / f"head-2025-01-{trust}.json").read_bytes()


def test_all_is_right(given, heads):
    file, receipt, record = said(given, FILE, head_of(heads))
    assert file == (True, "The file is the one that was sent.")
    assert receipt == (
        True,
        "The receipt is whole: return Z01/2025-01/1 was received at 10:00 on 5 February 2025, "
        "London time, and kept as line 4 of the chain.",
    )
    root = json.loads((heads / "head-2025-01.json").read_bytes())["root"]
    told = f"It is on the chain as published for January 2025. The head is {root}: compare it"
    assert (record[0], record[1].startswith(told)) == (True, True)


def test_the_receipt_may_be_as_a_command_printed_it(given):
    assert said({"receipt": given, "release": None}) == said(given)


def test_another_file_is_named_with_both_digests(given):
    holds, sentence = said(given, b"another")[0]
    assert not holds
    assert sentence.startswith("The file is not the one that this receipt was given for")
    assert given["sha256"] in sentence


def test_the_file_that_is_kept_without_its_text_is_told_from_the_one_sent(given):
    other = given | {"sha256": "0" * 64}
    assert said(other, FILE)[0][1].startswith("The file is the one that is kept")


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"month": "2025-02"},
        {"trust_code": "Z02"},
        {"received_at": "2025-02-04T10:00:00Z"},
        {"sha256": "0" * 64},
        {"rows": 7},
        {"received_by": "another@trust.example"},
        {"queries": "none"},
    ],
)
def test_whatever_is_altered_on_a_receipt_is_noticed(given, change):
    ((holds, sentence),) = said(given | change)
    assert not holds
    assert sentence.startswith("The receipt has been altered")


@pytest.mark.parametrize("part", ["link", "files", "kept"])
def test_whatever_is_altered_in_its_proof_is_noticed(given, part):
    proof = dict(given["proof"])
    if part == "link":
        proof["link"] = proof["link"] | {"digest": "0" * 64}
    elif part == "files":
        proof["files"] = proof["files"] | {"rows.parquet": "0" * 64}
    else:
        proof["kept"] = proof["kept"].replace("lead@", "other@")
    ((holds, sentence),) = said(given | {"proof": proof})
    assert (holds, sentence.startswith("The receipt has been altered")) == (False, True)


def test_an_explanation_given_later_alters_nothing(tmp_path):
    home = worlds.empty_world(tmp_path / "home")
    rows = [
        worlds.monthly_row(w, worlds.FIRST, pt_answered=1, pt_safe=1) for w in worlds.WARDS["Z01"]
    ]
    worlds.send(home, "Z01", worlds.FIRST, monthly=rows)
    given = home.archive.given(home.archive.receipts()[0])
    assert given["queries"], "this return has a query"
    later = [query | {"answer": "Later"} for query in given["queries"]]
    assert said(given | {"queries": later})[0][0]
    fewer = given | {"queries": later[1:]}
    assert not said(fewer)[0][0]


def test_a_receipt_that_fits_together_but_was_never_kept_is_not_in_the_record(given, heads):
    link = given["proof"]["link"] | {"previous": "1" * 64}
    forged = given | {"proof": given["proof"] | {"link": link}}
    whole, record = said(forged, None, head_of(heads))
    assert whole[0]
    assert (record[0], record[1].startswith("This return is not on the chain")) == (False, True)


def test_a_return_that_is_gone_is_told_from_its_receipt(home, given, tmp_path):
    copy = Home(shutil.copytree(home.root, tmp_path / "copy"))
    shutil.rmtree(copy.archive.root / "returns" / "Z01")
    for path in (chain_file(copy.archive.root), head_file(copy.archive.root)):
        path.unlink()  # somebody makes a record of what is left
    worlds.send(copy, "Z01", worlds.FIRST + 1)
    worlds.send(copy, "Z02", worlds.FIRST + 1)
    publish(copy, Month(2025, 2), tmp_path)
    record = said(given, None, (tmp_path / "head-2025-02-Z01.json").read_bytes())[-1]
    assert record[0] is False
    assert record[1].startswith("This return is not on the chain as published for February 2025")


def test_a_head_from_before_the_return_says_nothing_about_it(home, heads, tmp_path):
    copy = Home(shutil.copytree(home.root, tmp_path / "copy"))
    receipt = worlds.send(copy, "Z01", worlds.FIRST + 1).receipt
    record = said(copy.archive.given(receipt), None, head_of(heads))[-1]
    assert (record[0], "was published before this return was kept" in record[1]) == (False, True)


def test_a_receipt_of_an_earlier_version_is_compared_with_its_file_alone(given):
    old = {name: value for name, value in given.items() if name != "proof"}
    file, receipt = said(old, FILE)
    assert file[0]
    assert (receipt[0], "comes from an earlier version" in receipt[1]) == (False, True)


def test_what_is_no_receipt_or_head_is_refused_with_a_sentence(given, heads):
    for content in (b"?", b"[]", b"{}", b'{"receipt": null}'):
        with pytest.raises(ReceiptError, match="not a receipt"):
            check_receipt(content)
    with pytest.raises(ReceiptError, match="proof in this receipt is incomplete"):
        check_receipt(encoded(given | {"proof": {}}))
    with pytest.raises(ReceiptError, match="not a head"):
        check_receipt(encoded(given), None, b"{}")
    with pytest.raises(ReceiptError, match="has no paths"):
        check_receipt(encoded(given), None, (heads / "head-2025-01.json").read_bytes())
    with pytest.raises(ReceiptError, match="This head is for Z02"):
        check_receipt(encoded(given), None, head_of(heads, "Z02"))


def test_a_receipt_knows_its_line_and_no_more(home, given):
    line = known_line(encoded(given), "A receipt")
    assert verify(home, others_know=[line])[0].startswith("There is no release")
    old = {name: value for name, value in given.items() if name != "proof"}
    with pytest.raises(ReceiptError, match="knows nothing of the chain"):
        known_line(encoded(old), "A receipt")


def test_the_head_of_a_month_stays_what_it_was(home, heads, tmp_path):
    copy = Home(shutil.copytree(home.root, tmp_path / "copy"))
    worlds.send(copy, "Z01", worlds.FIRST + 1)
    head, files = publish(copy, Month(2025, 1), tmp_path / "again")
    assert sorted(path.name for path in files) == sorted(path.name for path in heads.iterdir())
    for path in files:
        assert path.read_bytes() == (heads / path.name).read_bytes()
    assert head.size == len(home.archive.links())
    assert unfit_heads(copy) == []


def test_no_trusts_file_names_another(heads):
    assert b"Z02" not in head_of(heads)
    assert b"Z01" not in (heads / "head-2025-01.json").read_bytes()


def test_a_chain_that_no_longer_fits_a_published_head_is_told(home, heads, tmp_path):
    copy = Home(shutil.copytree(home.root, tmp_path / "copy"))
    for path in (chain_file(copy.archive.root), head_file(copy.archive.root)):
        path.unlink()
    shutil.rmtree(copy.archive.root / "returns" / "Z02")
    copy.archive.settle()
    assert unfit_heads(copy)[0].startswith("The chain no longer fits the head published for Janua")
    (copy.root / "published" / "2025-01.json").write_text("?")
    assert unfit_heads(copy) == ["The published head 2025-01.json cannot be read."]
