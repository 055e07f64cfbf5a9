"""What people want sent is kept by person, and nothing is begun twice."""

from dashboard import subscriptions
from dashboard.subscriptions import WHOLE, Subscription

SAM, TEAM = "sam@trust.example", "team@example.org"


def test_what_somebody_chose_is_kept_until_they_choose_otherwise(tmp_path):
    assert subscriptions.every(tmp_path) == []
    assert not (tmp_path / subscriptions.FILE).exists(), "looking makes no file"
    subscriptions.choose(tmp_path, SAM, "Z01", "monthly")
    subscriptions.choose(tmp_path, TEAM, WHOLE, "changes")
    subscriptions.choose(tmp_path, SAM, "Z01", "changes")
    assert subscriptions.of_person(tmp_path, SAM) == [Subscription(SAM, "Z01", "changes")]
    subscriptions.choose(tmp_path, SAM, "Z01", "never")
    assert subscriptions.every(tmp_path) == [Subscription(TEAM, WHOLE, "changes")]
    assert (tmp_path / subscriptions.FILE).stat().st_mode & 0o777 == 0o600


def test_what_was_begun_is_not_begun_again_until_it_is_known_to_have_failed(tmp_path):
    subscriptions.choose(tmp_path, SAM, "Z01", "monthly")
    (one,) = subscriptions.every(tmp_path)
    assert subscriptions.begin(tmp_path, one, "2026-03")
    assert not subscriptions.begin(tmp_path, one, "2026-03"), "another run, or one after a crash"
    subscriptions.failed(tmp_path, one)
    assert subscriptions.begin(tmp_path, one, "2026-03")
    subscriptions.done(tmp_path, one, "2026-03")
    (one,) = subscriptions.every(tmp_path)
    assert (one.last, one.trying) == ("2026-03", None)


def test_what_was_cut_off_does_not_keep_the_next_month_back(tmp_path):
    subscriptions.choose(tmp_path, SAM, "Z01", "monthly")
    (one,) = subscriptions.every(tmp_path)
    assert subscriptions.begin(tmp_path, one, "2026-03")
    assert subscriptions.begin(tmp_path, one, "2026-04")


def test_stopping_and_starting_again_sends_nothing_again(tmp_path):
    subscriptions.choose(tmp_path, SAM, "Z01", "monthly")
    (one,) = subscriptions.every(tmp_path)
    subscriptions.done(tmp_path, one, "2026-03")
    for often in ("never", "changes", "monthly"):
        subscriptions.choose(tmp_path, SAM, "Z01", often)
    assert subscriptions.every(tmp_path)[0].last == "2026-03"


def test_somebody_who_stops_while_their_pack_is_made_is_sent_nothing(tmp_path):
    subscriptions.choose(tmp_path, SAM, "Z01", "monthly")
    (one,) = subscriptions.every(tmp_path)
    subscriptions.choose(tmp_path, SAM, "Z01", "never")
    assert not subscriptions.begin(tmp_path, one, "2026-03")
