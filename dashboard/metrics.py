"""What an operator's monitoring may know, in Prometheus's text format, at a port of this machine.

It is about the service, never about a figure: no value, trust, ward or person is in it, and every
label is a word of this program. What the archive, its copy and its backups hold is read each time
it is asked for, so it doesn't depend on which process answers; requests and actions are counted by
each process since it started.
"""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIServer

from prometheus_client import (
    CollectorRegistry,
    Counter,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dashboard import audit, store
from dashboard.middleware.refusals import REFUSED
from pipelines import mirror, rotation
from pipelines.keeping import chain
from pipelines.keeping.layout import ARCHIVE
from pipelines.keeping.set_aside import waiting
from pipelines.settings import Settings
from schemas.london_time import as_utc

HERE = "127.0.0.1"  # never an address that anybody else could reach
_OURS = "feeling_safe_"


def listen(home: Path, settings: Settings, trouble: Callable[[], str | None]) -> WSGIServer:
    """Answer at the port in the settings, or any that is free; raises OSError if it is taken.

    `trouble` says why the newest saves are not shown, if they aren't.
    """
    known = registry(home, settings, trouble)
    server, _ = start_http_server(settings.metrics_port or 0, addr=HERE, registry=known)
    return server


def registry(
    home: Path, settings: Settings, trouble: Callable[[], str | None]
) -> CollectorRegistry:
    """All there is to know about one home and this process."""
    disable_created_metrics()
    known = CollectorRegistry()
    known.register(_OfHome(home, settings, trouble))
    known.register(REFUSED)
    known.register(_actions())
    ProcessCollector(registry=known)
    return known


def _actions() -> Counter:
    """A counter of the lines of the audit log."""
    counter = Counter(
        f"{_OURS}actions",
        "Lines of the audit log by action, written by this process since it started.",
        ["action"],
        registry=None,
    )

    def count(record: logging.LogRecord) -> bool:
        counter.labels(record.action).inc()  # type: ignore[attr-defined]
        return True

    logging.getLogger(audit.LOG).addFilter(count)
    return counter


class _OfHome(Collector):
    """Reads a home each time it is asked; whatever can't be read is left out."""

    def __init__(self, home: Path, settings: Settings, trouble: Callable[[], str | None]) -> None:
        self._home, self._settings, self._trouble = home, settings, trouble

    def describe(self) -> list[Metric]:
        """Nothing in advance: registering it reads nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every metric that is known now."""
        yield from self._figures()
        yield from self._entries()
        yield from self._copy()
        yield from self._backups()
        yield _gauge("files_set_aside", "Dropped files that wait for somebody.", self._set_aside())

    def _figures(self) -> Iterator[Metric]:
        failed = self._trouble() is not None
        yield _gauge("build_failed", "1 if what was saved last could not be worked out.", failed)
        whole = "1 if the release in use is as it was written."
        try:
            facts = store.facts(store.current(self._home / "releases"))
        except store.DamagedRelease:
            yield _gauge("release_whole", whole, False)
        except store.NoRelease:
            return
        else:
            yield _gauge("release_whole", whole, True)
            built = as_utc(facts["built_at"]).timestamp()  # type: ignore[arg-type]
            yield _gauge("release_built_timestamp_seconds", "When it was built.", built)

    def _entries(self) -> Iterator[Metric]:
        kept = CounterMetricFamily(
            f"{_OURS}entries", "Entries on the chain of the archive by kind.", labels=["kind"]
        )
        for kind, number in chain.counts(self._home / ARCHIVE).items():
            kept.add_metric([kind], number)
        yield kept

    def _copy(self) -> Iterator[Metric]:
        if (copy := self._settings.mirror) is None:
            return
        behind = mirror.behind(self._home, copy)
        yield _gauge("mirror_reachable", "1 if the copy elsewhere can be read.", behind is not None)
        if behind is not None:
            yield _gauge("mirror_entries_behind", "Entries that the copy lacks.", behind)

    def _backups(self) -> Iterator[Metric]:
        if (folder := self._settings.backups) is None:
            return
        last, every = rotation.newest_whole(folder), rotation.numbered(folder)
        newer = sum(last is None or each.number > last.number for each in every)
        yield _gauge("backups_not_whole", "Backups after the last whole one.", newer)
        unread = len(rotation.unreadable(every))
        yield _gauge("backups_unreadable", "Backups that can't be read.", unread)
        if last is not None:
            at, since = last.at.timestamp(), rotation.entries_since(self._home, last)
            yield _gauge("backup_timestamp_seconds", "When the last whole one was made.", at)
            yield _gauge("backup_entries_since", "Entries kept since then.", since)

    def _set_aside(self) -> int:
        return sum(waiting(self._home).values())


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_OURS}{name}", words, value=value)
