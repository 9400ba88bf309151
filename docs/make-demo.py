#!/usr/bin/env python3
"""Runs ./antiphon demo and draws what it printed: docs/make-demo.py > docs/demo.svg"""

import html
import pathlib
import subprocess
import sys

HOME = pathlib.Path(__file__).resolve().parent.parent
LINE, WIDTH, LEFT, TOP = 19, 8.45, 18, 46


def lines():
    command = [str(HOME / "antiphon"), "demo", *sys.argv[1:]]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    said = [line.rstrip() for line in done.stdout.split("\n")]
    start = next(i for i, line in enumerate(said) if line.startswith("POST"))
    return ["$ ./antiphon demo", *said[start:]]


def draw(text):
    while not text[-1]:
        text.pop()
    width = int(max(len(line) for line in text) * WIDTH + 2 * LEFT)
    height = TOP + LINE * len(text) + 8
    rows = []
    for number, line in enumerate(text):
        strong = line.startswith(("$", "POST", "GET"))
        colour = "#9ece6a" if strong else "#c0caf5"
        rows.append(
            f'<text x="{LEFT}" y="{TOP + number * LINE + 12}" fill="{colour}" '
            f'xml:space="preserve">{html.escape(line)}</text>'
        )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">',
            f'<rect width="{width}" height="{height}" rx="8" fill="#1a1b26"/>',
            *(
                f'<circle cx="{20 + 20 * i}" cy="18" r="6" fill="{colour}"/>'
                for i, colour in enumerate(["#f7768e", "#e0af68", "#9ece6a"])
            ),
            *rows,
            "</svg>",
        ]
    )


print(draw(lines()))
