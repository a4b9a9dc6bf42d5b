"""The server and the worker, in the foreground until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from django.core.management import call_command

from followthrough.cli.starting import start
from followthrough.core.errors import DomainError

Data = Annotated[
    Path | None,
    typer.Option(help="Folder of the database, files and key.  [default: data]", show_default=False),
]


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)] = 8000,
    data: Data = None,
    demo: Annotated[bool, typer.Option("--demo", help="With a sample organisation to try it on.")] = False,
) -> None:
    """Serves the pages and does the background work, in one process."""
    listener = _listen(host, port)
    address = f"http://{host}:{listener.getsockname()[1]}"
    os.environ.setdefault("FOLLOWTHROUGH_BASE_URL", address)
    if demo:
        os.environ["FOLLOWTHROUGH_DEMO"] = "true"
    start(data)
    _migrate()
    typer.echo(f"Followthrough is at {address}/\nPress Ctrl-C to stop.")
    _serve_pages(listener)
    typer.echo("Stopped.")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise DomainError(
            f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port."
        ) from error
    return listener


def _migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def _serve_pages(listener: socket.socket) -> None:
    config = uvicorn.Config(
        "followthrough.config.asgi:application",
        log_config=None,
        log_level="warning",
        access_log=False,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return
