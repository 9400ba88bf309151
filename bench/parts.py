"""What bench/run measures. Each part returns plain figures; bench/run makes the page of them."""

import contextlib
import json
import resource
import statistics
import time

from servers import HOME, PEERS, Antiphon, Postgres, call, cpu_seconds, loadgen, say

SHORT, LONG, SLOW, PACED = "mock-t20-d0", "mock-t500-d0", "mock-t20-d1500", "mock-t300-d33"

HOLD = ["-ramp", "5s", "-timeout", "150s", "-limit", "150s"]

ROOMY = """engines:
  - name: mock
    url: {base}/v1
    max_concurrency: 1024
"""
STREAMED = ROOMY + "    whole_answers: false\n"
WIDE = """engines:
  - name: mock
    url: {base}/v1
    max_concurrency: 20000
"""


class Target:
    """A server to measure: itself, how to name models to it, and how much slower it is."""

    def __init__(self, name, process, base, api="responses", model="{}", kinds=("sync", "streamed"),
                 others="", pids=None, slow=1):
        self.name, self.process, self.base, self.api = name, process, base, api
        self.model, self.kinds, self.others, self.slow = model, kinds, others, slow
        self.pids = pids or str(process.pid)

    def load(self, mock, model, c, n, *flags):
        more = ["-others", self.others] if self.others else []
        return loadgen(self.base, mock, "-model", self.model.format(model), "-c", c, "-n", n,
                       "-api", self.api, "-pids", self.pids, *more, *flags)


@contextlib.contextmanager
def stack():
    """Stops what was started, last first."""
    with contextlib.ExitStack() as exits:
        def started(process):
            exits.callback(process.stop)
            return process
        yield started


def mock_itself(mock):
    return Target("the mock itself", mock, mock.base + "/v1", "chat")


def peers(mock, started):
    """Those that can be had."""
    for kind in PEERS:
        name = kind.package.split("[")[0]
        if kind.program() is None:
            say(f"{name} cannot be installed here: left out")
            continue
        try:
            peer = started(kind(mock))
        except RuntimeError as problem:
            say(str(problem))
            continue
        yield Target(name, peer, peer.base, model=kind.model, kinds=kind.kinds, slow=200)


def nodes(mock, started, postgres, count, settings=None):
    all_nodes = [
        started(Antiphon(f"node{i}", mock, "--store", postgres.url, settings=settings))
        for i in range(count)
    ]
    return Target(
        f"Antiphon, {count} node{'s' if count > 1 else ''}, PostgreSQL", all_nodes[0], all_nodes[0].base,
        others=",".join(node.base for node in all_nodes[1:]),
        pids=",".join(str(node.pid) for node in all_nodes),
    )


def warm(mock, target, requests):
    """The virtual machine compiles for the first tens of thousands of requests."""
    say(f"warming up {target.name}")
    for _ in range(3):
        target.load(mock, SHORT, 32, requests // 5)
        target.load(mock, SHORT, 32, requests // 10, "-stream")


def throughput(mock, quick):
    """Everything side by side, in alternating rounds."""
    cells = [("sync", SHORT, c, n) for c, n in ((1, 2000), (32, 20000), (128, 20000), (512, 20000))]
    cells += [("streamed", SHORT, c, n) for c, n in ((1, 1000), (32, 8000), (128, 8000), (512, 8000))]
    cells += [("sync", LONG, 32, 2000), ("streamed", LONG, 1, 100), ("streamed", LONG, 32, 800)]
    found = []
    with stack() as started:
        postgres = started(Postgres())
        roomy, streamed = ROOMY.format(base=mock.base), STREAMED.format(base=mock.base)
        sqlite = started(Antiphon("sqlite", mock, settings=roomy))
        streaming = started(Antiphon("streaming", mock, settings=streamed))
        targets = [
            mock_itself(mock),
            Target("Antiphon, SQLite", sqlite, sqlite.base),
            Target("Antiphon, SQLite, upstream always streamed", streaming, streaming.base, kinds=("sync",)),
            nodes(mock, started, postgres, 1, settings=roomy),
        ]
        others = [] if quick else list(peers(mock, started))
        for target in targets[1:]:
            warm(mock, target, 20_000 if quick else 100_000)
        for target in others:
            for kind in target.kinds:
                target.load(mock, SHORT, 4, 20, *(["-stream"] if kind == "streamed" else []))
        rounds = 1 if quick else 3
        for number in range(rounds):
            for kind, model, c, n in cells:
                for target in targets + others:
                    if kind in target.kinds and (target.slow == 1 or (c < 512 and number == 0)):
                        found.append(cell(mock, target, kind, model, c, n))
                say(f"round {number + 1} of {rounds}: {kind}, {model}, {c} at once")
        versions = postgres.version()
    return {"cells": found, "rounds": rounds, "postgres": versions}


def cell(mock, target, kind, model, c, n):
    number = max(c if target.slow > 1 else 2 * c, n // target.slow, 10)
    flags = ["-stream"] if kind == "streamed" else []
    flags += ["-warm", c] if target.slow == 1 else []
    result = target.load(mock, model, c, number, *flags)
    names = ("rps", "p50_ms", "p99_ms", "ttfe_p50_ms", "cpu_ms_per_req", "n", "ok", "not_sent", "errors", "load1")
    return {"server": target.name, "kind": kind, "model": model, "c": c, **{k: result[k] for k in names}}


def background(mock, quick):
    """From create to done, seen by polling every 5 ms; and events that are durable before they are sent."""
    found = []
    with stack() as started:
        postgres = started(Postgres())
        sqlite = started(Antiphon("sqlite", mock))
        targets = [Target("Antiphon, SQLite", sqlite, sqlite.base), nodes(mock, started, postgres, 1)]
        for target in targets:
            warm(mock, target, 20_000)
            target.load(mock, SHORT, 32, 4000, "-mode", "background")
            target.load(mock, LONG, 64, 1000, "-stream", "-extra", '{"background":true}')
        for _ in range(1 if quick else 3):
            for c, n in ((1, 200), (32, 3000)):
                for target in targets:
                    result = target.load(mock, SHORT, c, n, "-mode", "background")
                    found.append({"server": target.name, "what": "create to done", "c": c, **result})
            for c, n in ((1, 40), (64, 1000)):
                for target in targets:
                    result = target.load(mock, LONG, c, n, "-stream", "-extra", '{"background":true}')
                    result["events_per_s"] = result["events"] / result["wall_s"]
                    found.append({"server": target.name, "what": "durable events", "c": c, **result})
            say("background: a round")
    return found


def streams(mock, quick):
    """Slow streams held open, 20 tokens in half a minute; as many as the open files allow."""
    found = []
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = min(10_000, (files - 600) // 2)
    for count in (500,) if quick else (500, 5000, most):
        with stack() as started:
            server = started(Antiphon("sqlite", mock, settings=WIDE.format(base=mock.base)))
            target = Target("Antiphon, SQLite", server, server.base)
            idle = loadgen(target.base, mock, "-mode", "rss", "-pids", server.pid)
            result = target.load(mock, SLOW, count, count, "-stream", *HOLD)
            found.append({"server": target.name, "held": count, "idle_mb": idle["rss_mb"], **result})
            say(f"{count} held: {result['ok']} completed, {result['rss_peak_mb']:.0f} MB")
    if not quick:
        with stack() as started:
            for target in peers(mock, started):
                idle = loadgen(target.base, mock, "-mode", "rss", "-pids", target.process.pid)
                result = target.load(mock, SLOW, 500, 500, "-stream", *HOLD)
                found.append({"server": target.name, "held": 500, "idle_mb": idle["rss_mb"], **result})
                say(f"{target.name}, 500 held: {result['ok']} completed, {result['rss_peak_mb']:.0f} MB")
    return {"found": found, "open_files": files}


def start(mock, quick):
    """From the command to the first ready answer, without a model; with what was learned, and without."""
    cache = HOME / "server/target/antiphon.aot"
    times = {"as the launcher does it": [], "without what the rehearsal has taught": []}
    kept = cache.read_bytes()
    for number in range(2 if quick else 5):
        for name, seconds in times.items():
            # An empty one tells the launcher not to make it again.
            cache.write_bytes(kept if name.startswith("as") else b"")
            with stack() as started:
                seconds.append(started(Antiphon("start", mock)).ready_seconds)
    cache.write_bytes(kept)
    for target_kind in [] if quick else PEERS:
        if target_kind.program():
            with stack() as started, contextlib.suppress(RuntimeError):
                times[target_kind.package] = [started(target_kind(mock)).ready_seconds]
    say(json.dumps({name: [round(s, 2) for s in seconds] for name, seconds in times.items()}))
    return times


def cold(mock, quick):
    """The first seconds after ready, 32 at once, a second at a time: beside the same server once it is warm."""
    seconds, rounds = (12, 1) if quick else (30, 3)
    cache = HOME / "server/target/antiphon.aot"
    kept = cache.read_bytes()
    found = []
    with stack() as started:
        postgres = started(Postgres())
        for number in range(rounds):
            for store, flags in (("SQLite", ()), ("PostgreSQL", ("--store", postgres.url))):
                for kind, more in COLD:
                    for start in STARTS:
                        if kind != "sync" and start != STARTS[0]:
                            continue
                        cache.write_bytes(kept if start == STARTS[0] else b"")
                        found.append(first_seconds(mock, store, flags, kind, more, start, seconds))
                        say(json.dumps(found[-1]))
    cache.write_bytes(kept)
    return found


STARTS = ("as the launcher does it", "without what the rehearsal has taught")
COLD = (("sync", ()), ("streamed", ("-stream",)), ("background", ("-mode", "background")))


def first_seconds(mock, store, flags, kind, more, start, seconds):
    with stack() as started:
        server = started(Antiphon("cold", mock, *flags))
        result = loadgen(server.base, mock, "-model", SHORT, "-c", 32, "-n", 1_000_000, "-limit", f"{seconds}s",
                         "-window", "1s", "-pids", server.pid, *more)
        pieces = result["windows"][:seconds]
        warm = statistics.mean(piece["rps"] for piece in pieces[-5:])
        return {
            "kind": kind, "store": store, "start": start, "ready_s": server.ready_seconds, "wrong": sum(result["errors"].values()),
            "rps": [piece["rps"] for piece in pieces], "p99_ms": [piece["p99_ms"] for piece in pieces],
            "first_five": statistics.mean(piece["rps"] for piece in pieces[:5]) / warm,
            "p99_of_warm": max(piece["p99_ms"] for piece in pieces[:5])
            / statistics.median(piece["p99_ms"] for piece in pieces[-5:]),
        }


def chain(mock, quick):
    """A conversation of many turns by previous_response_id, beside the mock given the same messages."""
    turns = 100 if quick else 500
    rows = []
    with stack() as started:
        server = started(Antiphon("chain", mock))
        warm(mock, Target("Antiphon, SQLite", server, server.base), 20_000)
        previous, times, messages, floors = None, [], [], []
        for turn in range(turns):
            body = {"model": SHORT, "input": f"turn {turn}", "previous_response_id": previous}
            began = time.perf_counter()
            made = call("POST", server.base + "/responses", body)
            times.append(1000 * (time.perf_counter() - began))
            previous = made["id"]
            messages += [{"role": "user", "content": f"turn {turn}"}]
            began = time.perf_counter()
            call("POST", mock.base + "/v1/chat/completions", {"model": SHORT, "messages": messages})
            floor = 1000 * (time.perf_counter() - began)
            messages += [{"role": "assistant", "content": made["output_text"]}]
            floors.append(floor)
        for end in [turns * part // 5 for part in range(1, 6)]:
            rows.append({"turns": f"{end - 20}–{end}", "ms a turn": statistics.median(times[end - 20:end]),
                         "the mock alone": statistics.median(floors[end - 20:end])})
    say(json.dumps(rows))
    return rows


def scaling(mock, quick):
    """One to three nodes on one PostgreSQL: throughput, and who uses the cores."""
    rows = []
    for count in (1, 2, 3):
        with stack() as started:
            postgres = started(Postgres())
            target = nodes(mock, started, postgres, count, settings=None)
            warm(mock, target, 40_000)
            for what, model, c, n, flags in (
                ("sync, 20 tokens", SHORT, 96, 12_000, []),
                ("streamed, 20 tokens", SHORT, 96, 8_000, ["-stream"]),
                ("background, 500 tokens", LONG, 96, 1_000, ["-stream", "-extra", '{"background":true}']),
            ):
                before = cpu_seconds(postgres.pid), cpu_seconds(mock.pid)
                result = target.load(mock, model, c, n // (4 if quick else 1), *flags)
                after = cpu_seconds(postgres.pid), cpu_seconds(mock.pid)
                done = max(1, result["ok"])
                rows.append({
                    "nodes": count, "what": what, "a second": result["rps"], "events a second":
                    result["events"] / result["wall_s"], "p50 ms": result["p50_ms"],
                    "nodes' CPU ms": result["cpu_ms_per_req"],
                    "PostgreSQL's CPU ms": 1000 * (after[0] - before[0]) / done,
                    "mock's CPU ms": 1000 * (after[1] - before[1]) / done,
                    "wrong": result["n"] - result["ok"] - result["not_sent"],
                })
                say(json.dumps(rows[-1]))
    return rows


def pace(mock, quick):
    """Background responses at the pace of a real model, 30 tokens a second each: what a durable event costs then."""
    rows = []
    for count in (100, 500):
        with stack() as started:
            postgres = started(Postgres())
            sqlite = started(Antiphon("sqlite", mock, settings=WIDE.format(base=mock.base)))
            wide = WIDE.format(base=mock.base)
            for target, database in (
                (Target("Antiphon, SQLite", sqlite, sqlite.base), None),
                (nodes(mock, started, postgres, 1, settings=wide), postgres),
            ):
                warm(mock, target, 20_000)
                before = cpu_seconds(database.pid) if database else 0
                result = target.load(mock, PACED, count, count, "-stream", "-extra", '{"background":true}', "-ramp", "1s")
                after = cpu_seconds(database.pid) if database else 0
                rows.append({
                    "server": target.name, "at once": count, "completed": result["ok"],
                    "events a second": result["events"] / result["wall_s"],
                    "node's CPU µs an event": 1e6 * result["cpu_s"] / result["events"],
                    "PostgreSQL's CPU µs an event": 1e6 * (after - before) / result["events"],
                    "s until all were done": result["wall_s"],
                })
                say(json.dumps(rows[-1]))
    return rows


PARTS = {
    "throughput": throughput, "background": background, "streams": streams,
    "start": start, "cold": cold, "chain": chain, "scaling": scaling, "pace": pace,
}
