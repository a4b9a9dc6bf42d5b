"""The server and the worker, in the foreground until Ctrl-C."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import metadata
from typing import Annotated

import typer
import uvicorn

from followthrough.cli.bootstrap import (
    Data,
    bootstrap,
    bring_up_to_date,
    environment_of,
    reach_database,
    refuse_if_outdated,
    settings_in_use,
)
from followthrough.cli.data_lock import data_folder_lock, shared_lock
from followthrough.cli.demo import load_sample
from followthrough.cli.http_deadlines import Deadlines
from followthrough.cli.permissions import close_folder
from followthrough.cli.server_record import take_over, write_record
from followthrough.config.environment import Environment
from followthrough.core.errors import DomainError

GC_THRESHOLDS = (10_000, 10, 50)
"""Rarer than Python's own: a look for garbage holds up every room, and requests leave little of it."""


def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="NUMBER", help="The port to listen on.")] = 8000,
    data: Data = None,
    demo: Annotated[bool, typer.Option("--demo", help="With a sample organisation to try it on.")] = False,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Do the background work here too.")
    ] = True,
) -> None:
    """Serves the pages, with the background work in the same process.

    Brings the database up to date first. Ctrl-C stops it; the task in hand is finished.

    \b
    Examples:
      followthrough serve --data /var/lib/followthrough
      followthrough serve --demo --port 8080
    """
    listener = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listener.getsockname()[1]}"
    os.environ.setdefault("FOLLOWTHROUGH_BASE_URL", address)
    if demo:
        os.environ["FOLLOWTHROUGH_DEMO"] = "true"
    gc.disable()  # what is loaded now stays, so looking for garbage in it only delays the start
    bootstrap(data)
    gc.enable()
    _refuse_without_assets()
    _close_data_folder()
    with _alone_on_sqlite():
        bring_up_to_date()
        write_record(settings_in_use())
        if demo:
            load_sample()
        typer.echo(_welcome(address, with_worker=with_worker))
        with _background(with_worker):
            _serve_pages(listener)
    typer.echo("Stopped.")


def work(data: Data = None) -> None:
    """Does the background work in a process of its own.

    That is mail, reminders and regular jobs. Only needed beside `serve --no-worker`,
    with PostgreSQL. Several may run at once.

    \b
    Example:
      FOLLOWTHROUGH_DATABASE_URL=postgresql://… followthrough worker
    """
    _take_servers_address(environment_of(data))
    bootstrap(data)
    reach_database()
    refuse_if_outdated()
    from followthrough.jobs.worker import Worker, regular_jobs, work_streams

    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    typer.echo("Working. Press Ctrl-C to stop; the task in hand is finished first.")
    with _beside_a_server():
        Worker(regular_jobs(), stop, work_streams()).run()
    typer.echo("Stopped.")


def _refuse_without_assets() -> None:
    from followthrough.core.assets import asset_url

    try:
        asset_url("app.css")
    except RuntimeError as error:
        raise DomainError(
            "This installation lacks its style sheets and scripts, so no page could be shown. In a checkout run `make "
            "assets`; a wheel that has them is made by `make wheel`."
        ) from error


def _close_data_folder() -> None:
    from django.conf import settings

    close_folder(settings.ENVIRONMENT.data)


def _alone_on_sqlite() -> AbstractContextManager[None]:
    """Two servers on one SQLite file would not tell each other of changes."""
    environment = settings_in_use()
    if environment.database_url:
        return nullcontext()
    folder = environment.data.resolve()
    refusal = f"Another server is running on {folder}. Stop it first, or name another folder with --data."
    return data_folder_lock(folder, refusal=refusal)


def _take_servers_address(environment: Environment) -> None:
    """Links in mail begin with the address that people open; a worker that knows none would mail dead ones."""
    if not take_over(environment, "base_url"):
        raise DomainError(
            "Set FOLLOWTHROUGH_BASE_URL to the address that people open: links in mail begin with it, and no server has "
            f"been started on {environment.data} whose address could be taken."
        )


def _beside_a_server() -> AbstractContextManager[None]:
    """A restore waits until the workers of the folder have stopped, however many there are."""
    environment = settings_in_use()
    folder = environment.data.resolve()
    return nullcontext() if environment.database_url else shared_lock(folder)


def _welcome(address: str, *, with_worker: bool) -> str:
    from django.conf import settings

    from followthrough.people.queries import nobody_yet, sample_people
    from followthrough.people.setup_code import setup_code

    version, worker = metadata.version("followthrough"), "with" if with_worker else "without"
    opened = settings.BASE_URL
    lines = [
        f"Followthrough {version} is at {opened}/, {worker} the background work",
        *([f"It listens at {address}/ for the proxy that people come through"] if opened != address else []),
        f"Data is kept in {settings.ENVIRONMENT.data.resolve()}",
    ]
    if nobody_yet():
        lines.append(
            f"There is nobody yet. Open {opened}/setup/ and enter this one-time code: {setup_code()}"
        )
    elif sample_people().exists():
        lines.append("Sign in by picking any of the sample people.")
    else:
        lines.append("Sign in with your e-mail address and password.")
    return "\n".join([*lines, "Press Ctrl-C to stop."])


@contextmanager
def _background(wanted: bool) -> Iterator[None]:  # noqa: FBT001 - a yes or no from the command line
    from followthrough.jobs.worker import Worker, regular_jobs, work_streams

    stop = threading.Event()
    worker = Worker(regular_jobs(), stop, work_streams())
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    if wanted:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if wanted:
            thread.join(timeout=30)


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise DomainError(f"--port is {port}; choose one between 0 and 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise DomainError(
                f"{host} is no address of this machine. Choose one with --host, such as 127.0.0.1 or 0.0.0.0."
            ) from error
        raise DomainError(
            f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port."
        ) from error
    return listener


def _serve_pages(listener: socket.socket) -> None:
    from followthrough.live.limits import MESSAGE_BYTES

    config = uvicorn.Config(
        "followthrough.config.asgi:application",
        log_config=None,
        log_level="warning",
        access_log=False,
        http=Deadlines,
        ws_per_message_deflate=False,
        ws_max_size=2
        * MESSAGE_BYTES,  # the room refuses what is longer than MESSAGE_BYTES in words of its own
        timeout_graceful_shutdown=5,
    )
    gc.disable()
    config.load()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.enable()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return
