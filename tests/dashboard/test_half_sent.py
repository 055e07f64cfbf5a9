"""A connection whose request doesn't arrive is closed, and one that is answered is left alone."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import uvicorn

from dashboard import half_sent
from dashboard.half_sent import Impatient
from tests.dashboard.asgi import run
from tests.patience import PATIENCE

Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


def served(client: Client) -> bytes:
    """What a client gets from a server that answers each request with its body."""

    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        message = await receive()
        while message.get("more_body"):
            message = await receive()
        if message["type"] == "http.disconnect":
            return
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})

    async def talk() -> bytes:
        settings = uvicorn.Config(app, port=0, http=Impatient, lifespan="off", log_level="error")
        server = uvicorn.Server(settings)
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await client(reader, writer)
        finally:
            writer.close()
            server.should_exit = True
            await running

    return run(talk())


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTT",
        b"GET / HTTP/1.1\r\nHost: here\r\n",
        b"PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf",
        b"GET / HTTP/1.1\r\nHost: here\r\n\r\nGET / HTTP/1.1\r\nHos",
    ],
)
def test_what_is_only_begun_is_ended(monkeypatch, begun):
    whole = begun.count(b"\r\n\r\nGET")  # requests to be answered, however slow this machine is
    monkeypatch.setattr(half_sent, "HEADERS", PATIENCE if whole else 0.2)
    monkeypatch.setattr(half_sent, "BODY", 0.2)

    async def client(reader, writer):
        writer.write(begun)
        return await reader.read()  # until the server closes

    answer = served(client)
    assert answer.count(b"200 OK") == whole


def test_a_drop_at_a_time_gains_nothing(monkeypatch):
    monkeypatch.setattr(half_sent, "HEADERS", 0.3)

    async def client(reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n")
        try:
            for _ in range(200):
                writer.write(b"X: 1\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            return b"closed"
        return b"closed" if reader.at_eof() else b"open"

    assert served(client) == b"closed"


def test_requests_that_arrive_are_answered_one_after_another(monkeypatch):
    monkeypatch.setattr(half_sent, "HEADERS", 30)

    async def client(reader, writer):
        got = b""
        for _ in range(3):
            writer.write(b"PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nbo")
            await asyncio.sleep(0.05)
            writer.write(b"dy")
            got += await reader.readuntil(b"ok")
        return got

    assert served(client).count(b"200 OK") == 3
