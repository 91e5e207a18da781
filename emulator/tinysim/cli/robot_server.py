"""`tinysim robot-server`: what `renode-test` starts instead of a Renode, with the options that it gives one."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from tinysim.cli.robot import require_robot_framework

PORT_FILE = "robot_port"
_IGNORED_FLAGS = (
    "--hide-monitor", "--hide-analyzers", "--disable-xwt", "--disable-gui", "--robot-debug-on-error",
    "--keep-temporary-files", "--console", "--plain",
)  # fmt: skip


@click.command()
@click.option("--robot-server-port", "port", type=click.IntRange(0, 65535), default=0, show_default=True)
@click.option("--hide-log", is_flag=True, help="Do not print the port.")
@click.option("--pid-file", type=click.Path(path_type=Path), help="Write the process's number there.")
@click.option("--config", expose_value=False, help="Accepted, as of Renode; there is no configuration.")
def robot_server(port: int, hide_log: bool, pid_file: Path | None, **flags: bool) -> int:
    """Serve Renode's keywords over XML-RPC on the loopback until StopRemoteServer or Ctrl-C; port 0: a free one.

    For `renode-test --robot-framework-remote-server-full-directory DIR --robot-framework-remote-server-name tinysim`.
    """
    require_robot_framework()
    from tinysim.robot.library import TinysimLibrary
    from tinysim.robot.server import KeywordServer

    library = TinysimLibrary()
    server = KeywordServer(library, port)
    if pid_file is not None:
        pid_file.write_text(str(os.getpid()))
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _port_file(server.port):
            if not hide_log:
                click.echo(f"Robot Framework remote server is listening on port {server.port}")
            server.serve()
    except KeyboardInterrupt:
        pass
    finally:
        library.reset_emulation()
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _port_file(port: int) -> Iterator[None]:
    """`robot_port` in the folder of temporary files that a Renode of this process number would have."""
    folder = Path(tempfile.gettempdir()) / f"renode-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    unfinished = folder / f"{PORT_FILE}.new"
    unfinished.write_text(str(port))
    unfinished.rename(folder / PORT_FILE)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


for _flag in _IGNORED_FLAGS:
    robot_server = click.option(_flag, _flag.lstrip("-").replace("-", "_"), is_flag=True, hidden=True)(robot_server)
