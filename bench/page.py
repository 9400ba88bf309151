"""Makes bench/results/run.md and its plots of the figures in run.json."""

import statistics

import plots
from servers import table

MOCK = "the mock itself"
TOKENS = {"mock-t20-d0": "20 tokens", "mock-t500-d0": "500 tokens"}


def write(data, folder):
    sections = [head(data)]
    for name, section in SECTIONS.items():
        if name in data:
            taken = data[name]
            sections.append(section(taken["figures"], folder) + foot(taken))
    (folder / "run.md").write_text("\n".join(sections))


def head(data):
    some = next(iter(data.values()))
    return f"""# Figures

Made by `bench/run`: {some['machine']}, {some['versions']}. Store on and durable (`synchronous=FULL`, `fsync=on`) everywhere. "Of the mock's" compares
with the mock upstream called directly in the same round; CPU counts the server's processes alone, not the database's. Cancel and recovery: [life.md](life.md).
"""


def foot(taken):
    note = ", quick" if taken["quick"] else ""
    before, after = taken["load"]
    return f"\n<sub>{taken['date']}{note}; load average {before:.1f} before, {after:.1f} after.</sub>\n"


def middle(cells, name):
    return statistics.median(cell[name] for cell in cells)


def throughput(figures, folder):
    groups = {}
    for cell in figures["cells"]:
        groups.setdefault((cell["kind"], cell["model"], cell["c"]), {}).setdefault(cell["server"], []).append(cell)
    rows, speed, cost = [], {}, {}
    for (kind, model, c), servers in groups.items():
        floor = servers[MOCK]
        title = f"{kind}, {TOKENS[model]}, {c} at once"
        for name, cells in servers.items():
            rps, p50 = middle(cells, "rps"), middle(cells, "p50_ms")
            first = middle(cells, "ttfe_p50_ms") - middle(floor, "ttfe_p50_ms")
            rows.append({
                "what": title, "server": name, "a second": figure(rps),
                "of the mock's": f"{100 * rps / middle(floor, 'rps'):.1f} %",
                "p50 ms": f"{p50:.2f}", "p99 ms": f"{middle(cells, 'p99_ms'):.1f}",
                "added p50 ms": f"{p50 - middle(floor, 'p50_ms'):.2f}",
                "added to the first event ms": f"{first:.2f}" if kind == "streamed" else "",
                "CPU ms each": f"{middle(cells, 'cpu_ms_per_req'):.2f}",
                "wrong": sum(cell["n"] - cell["not_sent"] - cell["ok"] for cell in cells),
            })
            if c in (32, 128) and model == "mock-t20-d0":
                speed.setdefault(title, {})[name] = rps
                if name != MOCK:
                    cost.setdefault(title, {})[name] = middle(cells, "cpu_ms_per_req")
    plots.bars(folder / "throughput.svg", "Responses a second", "20 tokens each", speed, logarithmic=True)
    plots.bars(folder / "cpu.svg", "CPU for each response", "ms of the server's processes", cost, logarithmic=True)
    return f"""
## Throughput and latency

The middle of {figures['rounds']} alternating rounds, peers in the first alone; {figures['postgres']}.

![Responses a second](throughput.svg)

![CPU for each response](cpu.svg)

{table(rows)}
"""


def figure(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def background(figures, folder):
    groups = {}
    for cell in figures:
        groups.setdefault((cell["what"], cell["c"], cell["server"]), []).append(cell)
    done, events = [], []
    for (what, c, server), cells in groups.items():
        row = {"server": server, "at once": c}
        wrong = sum(cell["n"] - cell["not_sent"] - cell["ok"] for cell in cells)
        if what == "create to done":
            done.append(row | {
                "a second": figure(middle(cells, "rps")), "create to done p50 ms": f"{middle(cells, 'p50_ms'):.1f}",
                "p99 ms": f"{middle(cells, 'p99_ms'):.1f}", "answer to create p50 ms": f"{middle(cells, 'ttfe_p50_ms'):.1f}",
                "CPU ms each": f"{middle(cells, 'cpu_ms_per_req'):.2f}", "wrong": wrong})
        else:
            events.append(row | {
                "durable events a second": figure(middle(cells, "events_per_s")),
                "CPU µs an event": figure(1000 * middle(cells, "cpu_ms_per_req") * middle(cells, "ok") / middle(cells, "events")),
                "first event p50 ms": f"{middle(cells, 'ttfe_p50_ms'):.1f}", "wrong": wrong})
    return f"""
## Background

20 tokens, seen to be done by polling every 5 ms:

{table(done)}

500 tokens, streamed to their reader; an event is on disk before it is sent:

{table(events)}
"""


def streams(figures, folder):
    rows, memory = [], {}
    for cell in figures["found"]:
        rows.append({
            "server": cell["server"], "held": cell["held"], "completed": cell["ok"],
            "MB idle": round(cell["idle_mb"]), "MB at most": round(cell["rss_peak_mb"]),
            "KB a stream": round(1024 * (cell["rss_peak_mb"] - cell["idle_mb"]) / cell["held"]),
            "s until all were done": f"{cell['wall_s']:.1f}", "CPU ms a stream": f"{cell['cpu_ms_per_req']:.1f}",
        })
        memory.setdefault(f"{cell['held']:,} held", {})[cell["server"]] = cell["rss_peak_mb"]
    plots.bars(folder / "memory.svg", "Memory with slow streams held", "MB resident at most", memory)
    return f"""
## Streams held

20 tokens at 1.5 s each, all begun within 5 s: 35 s is the floor. A process here may open {figures['open_files']:,} files and a foreground stream takes two, so fewer than 10,000 fit.

![Memory](memory.svg)

{table(rows)}
"""


def start(figures, folder):
    rows = [{"server": name if "[" not in name else name.split("[")[0],
             "start to ready s": f"{statistics.median(times):.2f}", "starts": len(times)}
            for name, times in figures.items()]
    for row in rows[:2]:
        row["server"] = "Antiphon, " + row["server"]
    return f"""
## Start

From the command to the first 200 of its health check, with an engine elsewhere (no model loaded):

{table(rows)}
"""


def cold(figures, folder):
    groups = {}
    for run in figures:
        groups.setdefault((run["kind"], run["store"], run["start"]), []).append(run)
    rows = []
    for (kind, store, start), runs in groups.items():
        def second(number, name):
            return figure(statistics.median(run[name][number - 1] for run in runs))
        rows.append({
            "kind": kind, "store": store, "start": start, "start to ready s": f"{statistics.median(run['ready_s'] for run in runs):.2f}",
            **{f"second {n}": f"{second(n, 'rps')}/s, p99 {second(n, 'p99_ms')}" for n in (1, 2, 3, 5)},
            "warm": f"{figure(statistics.median(statistics.mean(run['rps'][-5:]) for run in runs))}/s",
            "first 5 s of warm": f"{100 * statistics.median(run['first_five'] for run in runs):.0f} %",
            "worst p99 of the first 5 s of warm": f"{statistics.median(run['p99_of_warm'] for run in runs):.1f} x",
        })
    return f"""
## The first seconds

32 at once from the moment in which the server says that it is ready; the last five seconds of the run count as warm:

{table(rows)}
"""


def chain(figures, folder):
    rows = [{k: f"{v:.1f}" if isinstance(v, float) else v for k, v in row.items()} for row in figures]
    return f"""
## A long chain

Each turn names the one before; the upstream gets the whole conversation each time. Beside it the mock alone with the same messages:

{table(rows)}
"""


def scaling(figures, folder):
    speed = {}
    for row in figures:
        speed.setdefault(row["what"], {})[f"{row['nodes']} node{'s' if row['nodes'] > 1 else ''}"] = row["a second"]
    plots.bars(folder / "nodes.svg", "Nodes on one PostgreSQL", "responses a second, all on the same cores", speed)
    rows = [{k: (figure(v) if "second" in k else f"{v:.2f}") if isinstance(v, float) else v
             for k, v in row.items()} for row in figures]
    return f"""
## Nodes

96 at once, spread over the nodes; CPU for each response. What it means: [docs/scaling.md](../../docs/scaling.md).

![Nodes](nodes.svg)

{table(rows)}
"""


def pace(figures, folder):
    rows = [{k: figure(v) if isinstance(v, float) else v for k, v in row.items()} for row in figures]
    return f"""
## At the pace of a model

Background responses of 300 tokens at 30 a second each (10 s is the floor), each event on disk before it is sent:

{table(rows)}
"""


SECTIONS = {
    "throughput": throughput, "background": background, "streams": streams,
    "start": start, "cold": cold, "chain": chain, "scaling": scaling, "pace": pace,
}
