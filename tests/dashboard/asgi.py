"""Asks an ASGI application directly, without a server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def answers(application, request: dict[str, object]) -> list[dict[str, object]]:
    """The messages of the answer to one request."""
    said: list[dict[str, object]] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        said.append(message)

    async def ask():
        await application(request, receive, send)

    # In a thread of its own: a browser test leaves its event loop running in the worker's.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(ask())).result()
    return said
