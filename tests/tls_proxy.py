"""A proxy that ends TLS in front of the service, as docs/nginx.conf says it must.

    python -m tests.tls_proxy PORT PORT_OF_THE_SERVICE CERTIFICATE KEY

It passes on websockets, the `Host` without its port, and who the visitor is, whatever the visitor
says of that. `nginx` runs the documented file itself where nginx is installed.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.patience import PATIENCE
from tests.ports import free_port

TREE = Path(__file__).parents[1]
NAME = "localhost"
LARGEST = 6 * 2**20  # bytes of a body: client_max_body_size
_OF_EACH_CONNECTION = {
    b"connection",
    b"content-length",
    b"host",
    b"transfer-encoding",
    b"upgrade",
    b"x-forwarded-for",
    b"x-forwarded-proto",
}
_NGINX = """daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/none;
    uwsgi_temp_path {folder}/none;
    scgi_temp_path {folder}/none;
{documented}
}}
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that it signed itself, and its key, valid for a day."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    places = folder / "certificate.pem", folder / "key.pem"
    places[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    places[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return places


def ours(folder: Path, port: int, service: int) -> list[str]:
    """The command of this proxy, with a certificate made for it."""
    command = [sys.executable, "-m", "tests.tls_proxy", str(port), str(service)]
    return [*command, *map(str, certificate(folder))]


def nginx(folder: Path, port: int, service: int) -> list[str]:
    """The command of nginx, with the documented file and only its places changed."""
    documented = (TREE / "docs" / "nginx.conf").read_text(encoding="utf-8")
    made, key = certificate(folder)
    for there, here in (
        (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
        (r"listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        (r"(?<=ssl_certificate )\s*\S+;", f"{made};"),
        (r"(?<=ssl_certificate_key )\s*\S+;", f"{key};"),
        (r"127\.0\.0\.1:8501", f"127.0.0.1:{service}"),
        (r"YOUR-ADDRESS", NAME),
    ):
        documented, times = re.subn(there, here, documented)
        assert times, f"docs/nginx.conf no longer has {there}"
    path = folder / "nginx.conf"
    path.write_text(_NGINX.format(folder=folder, documented=documented), encoding="utf-8")
    return ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(path)]


KINDS = {"ours": ours, "nginx": nginx}


@contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    """A proxy's address, while it runs."""
    process = subprocess.Popen(command, cwd=TREE)
    try:
        for _ in range(600):
            assert process.poll() is None, "the proxy has ended"
            with suppress(httpx.TransportError):
                httpx.get(f"https://127.0.0.1:{port}/healthz", verify=False, timeout=PATIENCE)  # noqa: S501
                break
        yield f"https://{NAME}:{port}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


class Proxy:
    """An ASGI application that passes everything on to a port of this machine."""

    def __init__(self, service: int) -> None:
        self._service = service
        kept = httpx.Limits(keepalive_expiry=1)  # before the service ends a quiet connection
        self._client = httpx.AsyncClient(
            timeout=PATIENCE, trust_env=False, limits=kept, headers={"accept-encoding": "identity"}
        )

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = [(k, v) for k, v in scope["headers"] if k.lower() not in _OF_EACH_CONNECTION]
        headers.append((b"x-forwarded-for", scope["client"][0].encode()))
        headers.append((b"x-forwarded-proto", b"https"))
        path = scope["raw_path"].decode() + "?" * bool(scope["query_string"])
        path += scope["query_string"].decode()
        (named,) = (v.decode() for k, v in scope["headers"] if k.lower() == b"host")
        host = urlsplit(f"//{named}").hostname or ""
        if scope["type"] == "http":
            headers.append((b"host", host.encode()))
            await self._request(scope["method"], path, headers, receive, send)
        else:
            passed = [(k.decode(), v.decode()) for k, v in headers if not k.startswith(b"sec-")]
            await self._tab(f"ws://{host}{path}", scope["subprotocols"], passed, receive, send)

    async def _request(
        self, method: str, path: str, headers: list[tuple[bytes, bytes]], receive: Any, send: Any
    ) -> None:
        body, more = b"", True
        while more and len(body) <= LARGEST:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        if len(body) > LARGEST:
            await send({"type": "http.response.start", "status": 413, "headers": []})
            await send({"type": "http.response.body"})
            return
        address = f"http://127.0.0.1:{self._service}{path}"
        asked = self._client.stream(method, address, headers=headers, content=body)
        async with asked as answer:
            kept = [(k.lower(), v) for k, v in answer.headers.raw if k.lower() != b"connection"]
            start = {"type": "http.response.start", "status": answer.status_code}
            await send({**start, "headers": kept})
            async for part in answer.aiter_raw():
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body"})

    async def _tab(
        self, uri: str, wanted: list[Any], headers: list[tuple[str, str]], receive: Any, send: Any
    ) -> None:
        await receive()  # that somebody wants to connect
        at = {"host": "127.0.0.1", "port": self._service, "proxy": None, "max_size": None}
        at["open_timeout"] = PATIENCE
        try:
            service = await connect(uri, subprotocols=wanted, additional_headers=headers, **at)
        except InvalidStatus as refused:
            status = refused.response.status_code
            await send({"type": "websocket.http.response.start", "status": status, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b""})
            return
        await send({"type": "websocket.accept", "subprotocol": service.subprotocol})

        async def back() -> None:
            async for frame in service:
                what = "text" if isinstance(frame, str) else "bytes"
                await send({"type": "websocket.send", what: frame})
            await send({"type": "websocket.close", "code": 1000})

        answering = asyncio.create_task(back())
        with suppress(ConnectionClosed):
            while (message := await receive())["type"] == "websocket.receive":
                await service.send(message.get("bytes") or message.get("text") or b"")
        answering.cancel()
        await service.close()


if __name__ == "__main__":
    port, service, made, key = sys.argv[1:]
    uvicorn.run(
        Proxy(int(service)),
        host="127.0.0.1",
        port=int(port),
        ssl_certfile=made,
        ssl_keyfile=key,
        lifespan="off",
        proxy_headers=False,  # who the visitor is, is where the connection comes from
        log_level="critical",  # a refusal is what the tests look at
    )
