"""What the benchmarks run: the mock upstream, PostgreSQL, Antiphon, and a peer. Each ends by its pid."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent
TARGET = HERE / "target"
MODELS = ["mock-t20-d0", "mock-t20-d20", "mock-t50-d20", "mock-t100-d20", "mock-t2000-d20"]
KEY = "sk-bench-0123456789abcdef"


def say(text):
    print(f"[{time.strftime('%H:%M:%S')} load {os.getloadavg()[0]:.1f}] {text}", flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def build():
    """The Go programs, and Antiphon."""
    TARGET.mkdir(exist_ok=True)
    for name in ("mock_upstream", "loadgen"):
        subprocess.run(["go", "build", "-o", TARGET / name, "./" + name], cwd=HERE, check=True)
    subprocess.run([HOME / "antiphon", "--version"], check=True, stdout=subprocess.DEVNULL)


class Process:
    """A program in a session of its own, with its output in a file."""

    def __init__(self, name, command, env=None, cwd=None):
        self.name = name
        self.command = [str(part) for part in command]
        self.env = dict(os.environ, **(env or {}))
        self.cwd = cwd
        self.log = TARGET / (name + ".log")
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=self.cwd, stdout=log, stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self):
        return self.process.pid

    def kill(self):
        os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.pid, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def await_answer(self, url, seconds=120):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(url, timeout=2) as answer:
                    if answer.status < 500:
                        return
            time.sleep(0.01)
        raise RuntimeError(f"{self.name} does not answer; see {self.log}")


class Mock(Process):
    def __init__(self):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        models = ",".join(MODELS)
        super().__init__(
            "mock",
            [TARGET / "mock_upstream", "-addr", f"127.0.0.1:{self.port}", "-models", models],
        )
        self.await_answer(self.base + "/v1/models")


class Postgres:
    """A PostgreSQL of the machine's own packages, as durable as it comes."""

    def __init__(self):
        binary = shutil.which("initdb") or next(
            iter(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None
        )
        if binary is None:
            raise SystemExit("PostgreSQL's initdb is needed: install the package postgresql.")
        self.bin = pathlib.Path(binary).resolve().parent
        self.folder = tempfile.mkdtemp(prefix="antiphon-bench-")
        self.port = free_port()
        self.user = []
        if os.getuid() == 0:  # It refuses to run as root.
            shutil.chown(self.folder, "nobody")
            self.user = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
        self.data = self.folder + "/data"
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "postgres")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=300"
        self.run("pg_ctl", "-D", self.data, "-w", "-o", options, "-l", self.folder + "/log", "start")
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, name, *arguments):
        subprocess.run(
            [*self.user, self.bin / name, *arguments], check=True, cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )

    def version(self):
        return subprocess.run(
            [self.bin / "postgres", "--version"], capture_output=True, text=True
        ).stdout.strip()

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Antiphon(Process):
    """The server; with an engine at the mock unless its settings say otherwise."""

    def __init__(self, name, mock, *flags, port=None, settings=None):
        self.port = port or free_port()
        self.base = f"http://127.0.0.1:{self.port}/v1"
        self.folder = tempfile.mkdtemp(prefix="antiphon-bench-")
        if settings is None:
            flags = ["--engine", mock.base + "/v1", *flags]
        else:
            file = pathlib.Path(self.folder) / "bench.yaml"
            file.write_text(settings)
            flags = ["--config", file, *flags]
        super().__init__(
            name,
            [HOME / "antiphon", "serve", "--port", self.port, "--data", self.folder, *flags],
            {"ANTIPHON_API_KEY": KEY},
        )
        self.ready()

    def ready(self):
        self.await_answer(f"http://127.0.0.1:{self.port}/health/ready")

    def stop(self):
        super().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Ogx(Process):
    """The peer, with the mock as its only provider and SQLite below it."""

    def __init__(self, command, mock):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}/v1"
        super().__init__(
            "ogx",
            [command, "run", HERE / "ogx.yaml", "--port", self.port, "--insecure"],
            {"MOCK_URL": mock.base + "/v1", "OGX_DATA": str(TARGET / "ogx")},
        )
        self.await_answer(self.base + "/models")


def table(rows):
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for row in rows:
        cells = (f"{v:.1f}" if isinstance(v, float) else str(v) for v in row.values())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def loadgen(base, mock, *flags):
    """One run of the load generator; what it found."""
    done = subprocess.run(
        [TARGET / "loadgen", "-url", base, "-key", KEY, "-mock", mock.base, *map(str, flags)],
        capture_output=True, text=True, check=True,
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def call(method, url, body=None):
    request = urllib.request.Request(
        url, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"authorization": "Bearer " + KEY, "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)
