"""Asks an ASGI application directly, without a server."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """The result of a coroutine, run in a thread of its own.

    A browser test leaves its event loop running in the worker's.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def answers(application, request: dict[str, object]) -> list[dict[str, object]]:
    """The messages of the answer to one request."""
    said: list[dict[str, object]] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        said.append(message)

    async def ask():
        await application(request, receive, send)

    run(ask())
    return said
