"""Runs cells one after another in one namespace, in a process of their own."""

import ast
import base64
import builtins
import io
import itertools
import json
import linecache
import os
import signal
import sys
import traceback

MAX_IMAGE = 2 * 1024 * 1024
MAX_IMAGES = 4 * 1024 * 1024
MAX_TRACEBACK = 20000
DATA = "/mnt/data"


class Pictures:
    """Pictures of a cell: each a file, and told to whoever runs the cell."""

    def __init__(self, tell):
        self.tell = tell
        self.left = MAX_IMAGES

    def begin(self):
        self.left = MAX_IMAGES

    def add(self, data, mime="image/png"):
        name = self.save(data)
        if len(data) > min(self.left, MAX_IMAGE):
            print("[The picture %s is too large to be shown here.]" % name)
            return
        self.left -= len(data)
        self.tell(ev="image", mime=mime, name=name, data=base64.b64encode(data).decode())

    def save(self, data):
        for number in itertools.count(1):
            name = "image_%d.png" % number
            try:
                with open(os.path.join(DATA, name), "xb") as file:
                    file.write(data)
                return name
            except FileExistsError:
                continue
            except OSError as error:
                print("[The picture cannot be kept: %s.]" % error)
                return name


def figures(pictures):
    """Shows and closes the open figures of matplotlib, if it was used."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not hasattr(pyplot, "get_fignums"):
        return
    for number in pyplot.get_fignums():
        out = io.BytesIO()
        pyplot.figure(number).savefig(out, format="png", bbox_inches="tight")
        pictures.add(out.getvalue())
    pyplot.close("all")


def display_with(pictures):
    def display(*values):
        for value in values:
            image = getattr(sys.modules.get("PIL.Image"), "Image", None)
            if image is not None and isinstance(value, image):
                out = io.BytesIO()
                value.save(out, format="PNG")
                pictures.add(out.getvalue())
            elif type(value).__module__ == "matplotlib.figure":
                figures(pictures)
            else:
                print(repr(value))

    return display


def compiled(code, name):
    """The statements of a cell, and its last expression if it ends with one."""
    tree = ast.parse(code, name)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    body = compile(tree, name, "exec") if tree.body else None
    return body, compile(last, name, "eval") if last is not None else None


def run(code, number, namespace, display):
    name = "<cell %d>" % number
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    body, last = compiled(code, name)
    if body is not None:
        exec(body, namespace)
    if last is not None:
        value = eval(last, namespace)
        if value is not None:
            namespace["_"] = value
            if not (isinstance(value, (list, tuple)) and drawn(value)):
                display(value)


def drawn(values):
    """What matplotlib's drawing functions give back is nothing to show."""
    return bool(values) and all(
        str(getattr(type(value), "__module__", "")).startswith("matplotlib.") for value in values
    )


def told(error):
    """The traceback from the cell on, without our own frames."""
    trace = error.__traceback__
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith("<cell "):
        trace = trace.tb_next
    text = "".join(traceback.format_exception(type(error), error, trace, limit=-30))
    if len(text) > MAX_TRACEBACK:
        text = text[: MAX_TRACEBACK // 2] + "\n[…]\n" + text[-MAX_TRACEBACK // 2:]
    return text.encode("utf-8", "replace").decode("utf-8")


def read_exactly(fd, count):
    parts = []
    while count:
        part = os.read(fd, min(count, 1 << 16))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def quiet(action):
    try:
        action()
    except Exception:
        pass


def preload_all(names):
    for name in names:
        try:
            __import__(name)
        except Exception:
            pass
    # The first picture is slow: fonts and parts that are loaded when they are needed.
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.plot([0, 1])
        pyplot.savefig(io.BytesIO(), format="png")
        pyplot.close("all")


def serve(codes, results, preload):
    own = os.getpid()

    def tell(**message):
        if os.getpid() != own:
            os._exit(0)  # A fork of the cell's: its words are not ours.
        data = memoryview(json.dumps(message).encode() + b"\n")
        while data:
            data = data[os.write(results, data):]

    pictures = Pictures(tell)
    sys.stdin = open(0)
    sys.stdout = open(1, "w", buffering=1, errors="replace")
    sys.stderr = open(2, "w", buffering=1, errors="replace")
    sys.argv = [""]
    sys.path[0] = DATA
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    builtins.antiphon_figures = lambda: figures(pictures)
    display = display_with(pictures)
    namespace = {"__name__": "__main__", "__builtins__": builtins, "display": display}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    preload_all(preload)
    tell(ev="ready")
    for number in itertools.count(1):
        code = read_exactly(codes, int.from_bytes(read_exactly(codes, 4), "big")).decode()
        pictures.begin()
        error = None
        try:
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                run(code, number, namespace, display)
                figures(pictures)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        except SystemExit as ended:
            error = None if ended.code in (None, 0) else "SystemExit: %s" % (ended.code,)
        except BaseException as failure:
            error = told(failure)
            quiet(lambda: figures(pictures))
        for stream in (sys.stdout, sys.stderr):
            quiet(stream.flush)
        tell(ev="end", error=error)
