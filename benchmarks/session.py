"""A Streamlit session without a browser: speaks the websocket as the browser's client does.

Like the browser's, it keeps the larger messages of its last runs and tells the server which it
has, so that a chart or a table that has not changed is not sent again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Self

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

BIGGEST_MESSAGE = 64 * 2**20
OLDEST = 2  # runs without being shown after which the browser lets a message go


@dataclass
class Rerun:
    """What one run of the script sent back."""

    seconds: float
    messages: int
    size: int
    exceptions: list[str] = field(default_factory=list)


class Session:
    """One person's open page at `ws://host:port`; reruns it and waits until the script is done."""

    def __init__(self, address: str, cookie: str = "") -> None:
        self._socket: ClientConnection = connect(
            f"{address}/_stcore/stream",
            max_size=BIGGEST_MESSAGE,
            subprotocols=["streamlit"],
            additional_headers={"Cookie": cookie} if cookie else None,
        )
        self._kept: dict[str, int] = {}  # when each message was last shown, by its hash
        self._runs = 0

    def rerun(self, page: str = "", query: str = "", *, fresh: bool = False) -> Rerun:
        """Ask for a page and wait for the end of its run; times are in seconds.

        `fresh` is for a browser that has kept nothing, as on the first visit to a screen.
        """
        ask = BackMsg()
        ask.rerun_script.page_name = page
        ask.rerun_script.query_string = query
        if not fresh:
            ask.rerun_script.cached_message_hashes.extend(self._kept)
        began = perf_counter()
        self._socket.send(ask.SerializeToString())
        rerun = Rerun(0.0, 0, 0)
        for message, size in self._until_finished():
            rerun.messages += 1
            rerun.size += size
            self._keep(message)
            element = message.delta.new_element
            if element.HasField("exception"):
                rerun.exceptions.append(element.exception.message)
            if element.alert.format == Alert.ERROR:
                rerun.exceptions.append(element.alert.body)
        rerun.seconds = perf_counter() - began
        self._forget()
        return rerun

    def _keep(self, message: ForwardMsg) -> None:
        shown = message.ref_hash or (message.hash if message.metadata.cacheable else "")
        if shown:
            self._kept[shown] = self._runs

    def _forget(self) -> None:
        self._runs += 1
        self._kept = {h: run for h, run in self._kept.items() if self._runs - run <= OLDEST}

    def _until_finished(self) -> Iterator[tuple[ForwardMsg, int]]:
        while True:
            received = self._socket.recv(timeout=60)
            message = ForwardMsg.FromString(received)  # type: ignore[arg-type]
            yield message, len(received)
            # A page switch or st.rerun ends one run and begins the next at once.
            if message.HasField("script_finished") and (
                message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
