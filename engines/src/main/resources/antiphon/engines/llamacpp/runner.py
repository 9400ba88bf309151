"""Runs llama.cpp's server out of the Python package xllamacpp.

Takes one argument, JSON: {"package": folder, "parameters": {path: value}}. A path such as
"model.path" or "cpuparams.n_threads" is an attribute of the package's CommonParams. The key that
requests must carry stands in the environment. Ends with its caller, see the shell around it.
"""

import json
import os
import sys
import threading


def put(params, path, value):
    """Sets one parameter; a text stands for a member of an enumeration where there is one."""
    *parents, name = path.split(".")
    holder = params
    for parent in parents:
        holder = getattr(holder, parent)
    if not hasattr(holder, name):
        sys.exit("error: xllamacpp has no parameter " + path)
    kind = type(getattr(holder, name))
    if isinstance(value, str) and hasattr(kind, "__members__"):
        found = [m for n, m in kind.__members__.items() if n.lower().endswith(value.lower())]
        if not found:
            sys.exit("error: " + path + " cannot be " + value)
        value = found[0]
    setattr(holder, name, kind(value) if kind in (set, float) else value)


def end_with_stdin():
    """Where no shell watches over this process, it watches its standard input itself."""
    # Not by sys.stdin: its lock is held meanwhile, and an interpreter that ends wants it.
    while os.read(0, 4096):
        pass
    os._exit(0)


def main():
    told = json.loads(sys.argv[1])
    sys.path.insert(0, told["package"])
    if "ANTIPHON_WATCHED" not in os.environ:
        threading.Thread(target=end_with_stdin, daemon=True).start()
    import xllamacpp

    params = xllamacpp.CommonParams()
    for path, value in told["parameters"].items():
        put(params, path, value)
    params.api_keys = [os.environ["LLAMA_API_KEY"]]
    try:
        server = xllamacpp.Server(params)
    except Exception as e:
        sys.exit("error: " + str(e))
    print("listening on", server.listening_address, flush=True)
    threading.Event().wait()


main()
