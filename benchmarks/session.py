"""A Streamlit session without a browser: speaks the websocket as the browser's client does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Self

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

BIGGEST_MESSAGE = 64 * 2**20


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
            compression=None,
        )

    def rerun(self, page: str = "", query: str = "") -> Rerun:
        """Ask for a page and wait for the end of its run; times are in seconds."""
        ask = BackMsg()
        ask.rerun_script.page_name = page
        ask.rerun_script.query_string = query
        began = perf_counter()
        self._socket.send(ask.SerializeToString())
        rerun = Rerun(0.0, 0, 0)
        for message, size in self._until_finished():
            rerun.messages += 1
            rerun.size += size
            element = message.delta.new_element
            if element.HasField("exception"):
                rerun.exceptions.append(element.exception.message)
            if element.alert.format == Alert.ERROR:
                rerun.exceptions.append(element.alert.body)
        rerun.seconds = perf_counter() - began
        return rerun

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
