"""What POSIX alone has is not needed to import any module, nor to start a command."""

import os
import re
import subprocess
import sys
from pathlib import Path

from places import ROOT

# What CPython's documentation says is "Availability: Unix", of all that a tool like this might use.
MODULES = ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog")
OS = (
    *("chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getgroups", "getpgid"),
    *("getsid", "getuid", "killpg", "lchown", "mkfifo", "mknod", "nice", "openpty", "setegid", "seteuid"),
    *("setgid", "setpgid", "setsid", "setuid", "sched_getaffinity", "statvfs", "sync", "uname", "wait"),
    *("O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK", "O_SYNC", "WEXITSTATUS", "WIFEXITED", "WNOHANG"),
)
SIGNALS = (
    *("alarm", "pause", "pthread_sigmask", "SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT"),
    *("SIGUSR1", "SIGUSR2", "SIGWINCH"),
)
# Everything is imported once, so that what others need of the hidden names is there.
HIDE = f"""
import importlib, os, pkgutil, signal, sys
import bgtasks

names = [module.name for module in pkgutil.walk_packages(bgtasks.__path__, "bgtasks.")]
names = [name for name in names if not name.startswith("bgtasks.prove.oracle.execution.__main__")]
for name in names:
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] == "bgtasks"]:
    del sys.modules[name]
sys.modules.update(dict.fromkeys({MODULES!r}))
for module, hidden in ((os, {OS!r}), (signal, {SIGNALS!r})):
    for name in hidden:
        if hasattr(module, name):
            delattr(module, name)

for name in names:
    importlib.import_module(name)
print("imported", len(names))
from bgtasks.__main__ import answer
for line in sys.argv[1:]:
    sys.argv[:] = ["bgtasks", *line.split()]
    print("ended", answer())
"""


def test_every_module_is_imported_without_and_commands_start(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import starlette\n")
    lines = ["--help", "rule BGT204", "check --select BGT2 app.py"]
    done = subprocess.run(
        [sys.executable, "-c", HIDE, *lines],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert int(re.findall(r"imported (\d+)", done.stdout)[0]) > 200
    assert re.findall(r"ended (\d)", done.stdout) == ["0"] * len(lines)
