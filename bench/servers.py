"""What the benchmarks run: the mock upstream, PostgreSQL, Antiphon, and a peer. Each ends by its pid."""

import contextlib
import json
import os
import pathlib
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent
TARGET = HERE / "target"
MODELS = ["mock-t20-d0", "mock-t500-d0", "mock-t20-d1500", "mock-t300-d33", "mock-t20-d20", "mock-t50-d20", "mock-t100-d20", "mock-t2000-d20"]
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


def versions():
    def first(*command):
        done = subprocess.run(command, capture_output=True, text=True)
        return (done.stdout + done.stderr).splitlines()[0]

    revision = first("git", "-C", HOME, "rev-parse", "--short", "HEAD")
    java = [line for line in subprocess.run(
        [HOME / "antiphon", "--version"], capture_output=True, text=True).stdout.splitlines() if line]
    return f"{' '.join(java)} at {revision}, {first('go', 'version').removesuffix(' linux/amd64')}"


class Process:
    """A program in a session of its own, with its output in a file."""

    def __init__(self, name, command, env=None, cwd=None):
        self.name = name
        self.command = [str(part) for part in command]
        self.env = dict(os.environ, **(env or {}))
        self.cwd = cwd
        self.ready_seconds = None
        self.log = TARGET / (name + ".log")
        self.start()

    def start(self):
        self.started = time.monotonic()
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
                        self.ready_seconds = time.monotonic() - self.started
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

    @property
    def pid(self):
        return int(pathlib.Path(self.data, "postmaster.pid").read_text().split()[0])

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


def installed(package, command):
    """A program of a Python package, in an environment of its own; None if it cannot be had."""
    folder = TARGET / "peers" / package.split("[")[0]
    program = folder / "bin" / command
    if not program.exists():
        say(f"installing {package}")
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            subprocess.run([folder / "bin" / "pip", "install", "-q", package], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)
        except (subprocess.SubprocessError, OSError):
            return None
    return program if program.exists() else None


class Peer(Process):
    """Another server in front of the mock."""

    package = command = ""
    prefix = "/v1"
    model = "{}"
    kinds = ("sync", "streamed")

    @classmethod
    def program(cls):
        """Named by the environment (OGX=path), or installed."""
        return os.environ.get(cls.command.upper()) or installed(cls.package, cls.command)

    def begin(self, arguments, health, env=None):
        self.base = f"http://127.0.0.1:{self.port}{self.prefix}"
        super().__init__(self.package.split("[")[0], [self.program(), *arguments], env, cwd=TARGET)
        self.await_answer(f"http://127.0.0.1:{self.port}{health}")


class Ogx(Peer):
    """Formerly llama-stack; SQLite below it. Needs Python 3.12."""

    package, command, model = "ogx", "ogx", "mock/{}"

    def __init__(self, mock):
        self.port = free_port()
        self.begin(
            ["run", HERE / "ogx.yaml", "--port", self.port, "--insecure"], "/v1/models",
            {"MOCK_URL": mock.base + "/v1", "OGX_DATA": str(TARGET / "ogx")},
        )


class LiteLlm(Peer):
    """Its proxy, without a database. A provider is named for which it speaks Chat Completions."""

    package, command = "litellm[proxy]", "litellm"

    def __init__(self, mock):
        self.port = free_port()
        lines = ["model_list:"]
        for model in MODELS:
            lines.append(f"  - model_name: {model}")
            lines.append(f"    litellm_params: {{model: lm_studio/{model}, api_base: {mock.base}/v1, api_key: x}}")
        lines += [f"general_settings: {{master_key: {KEY}}}", "litellm_settings: {telemetry: false}"]
        (TARGET / "litellm.yaml").write_text("\n".join(lines) + "\n")
        self.begin(
            ["--config", TARGET / "litellm.yaml", "--port", self.port, "--host", "127.0.0.1"],
            "/health/liveliness",
        )


class OpenResponses(Peer):
    """open-responses-server: streams alone, nothing stored."""

    package, command, prefix, kinds = "open-responses-server", "otc", "", ("streamed",)

    def __init__(self, mock):
        self.port = free_port()
        self.begin(
            ["start"], "/health",
            {"OPENAI_BASE_URL_INTERNAL": mock.base, "OPENAI_API_KEY": "x", "API_ADAPTER_HOST": "127.0.0.1",
             "OPENAI_BASE_URL": f"http://127.0.0.1:{self.port}", "API_ADAPTER_PORT": str(self.port)},
        )


PEERS = [Ogx, LiteLlm, OpenResponses]


def cpu_seconds(pid):
    """What a process, its descendants and its ended children have used so far."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            parents[int(stat.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    ticks, todo = 0, [pid]
    while todo:
        one = todo.pop()
        ticks += parents.get(one, (0, 0))[1]
        todo += [child for child, (parent, _) in parents.items() if parent == one]
    return ticks / os.sysconf("SC_CLK_TCK")


def machine():
    """Of what a page of figures has to tell."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{os.cpu_count()} cores and {memory:.0f} GiB for everything together (load generator, "
            f"servers, database, mock), {platform.system()} {platform.release().split('-')[0]}")


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
