"""An engine with known answers for codex: what it does follows from a word in the last prompt.

It speaks Chat Completions. To a model of the name `gpt-5.6-sol` codex sends its tools as items of
the input, and has it run scripts instead of commands. GET /seen tells what it has seen that codex itself does not show.
"""

import json
import threading
from http.server import ThreadingHTTPServer

import upstream

SEEN = {"gone": 0, "hanging": 0, "requests": 0}
LOCK = threading.Lock()
MODELS = ("known", "gpt-5.6-sol")


def text_of(message):
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content)


def has_image(message):
    content = message.get("content")
    return isinstance(content, list) and any(part["type"] == "image_url" for part in content)


def prompt(messages):
    """The place and the word of the last prompt of the tests."""
    for at in range(len(messages) - 1, -1, -1):
        if messages[at]["role"] == "user":
            for word in ("say", "script", "shell", "mcp", "image", "recall", "hang"):
                if f"[{word}]" in text_of(messages[at]):
                    return at, word
    return 0, "say"


def call_of(request, ending, arguments):
    names = [tool["function"]["name"] for tool in request.get("tools", [])]
    name = next((name for name in names if name.endswith(ending)), None)
    if name is None:
        return [f"There is no tool {ending} among {names}."], None
    return [], {"name": name, "arguments": json.dumps(arguments)}


SCRIPT = """const result = await tools.exec_command({cmd: "echo shell-$((40+2))"});
text(JSON.stringify(result));"""


def agents(request, messages):
    """One agent that begins another and waits for it."""
    said = [text_of(m) for m in messages if m["role"] == "user"]
    last = [text for text in said if "FINAL_ANSWER" in text]
    results = [m for m in messages if m["role"] == "tool"]
    if last:
        return ["The other one said: ", last[-1].splitlines()[-1]], None
    if not results:
        task = {"task_name": "worker", "message": "[say] hello", "fork_turns": "none"}
        return call_of(request, "spawn_agent", task)
    return call_of(request, "wait_agent", {"timeout_ms": 10_000})


def answer(request):
    """The parts of the text, or a tool call."""
    messages = request["messages"]
    if any("[agents]" in text_of(m) for m in messages if m["role"] == "user"):
        return agents(request, messages)
    at, word = prompt(messages)
    results = [text_of(m) for m in messages[at:] if m["role"] == "tool"]
    if word == "script" and not results:
        return call_of(request, "functions__exec", {"input": SCRIPT})
    if word == "shell" and not results:
        return call_of(request, "exec_command", {"cmd": "echo shell-$((40+2))"})
    if word == "mcp" and not results:
        return call_of(request, "secret_word", {"of": "Ada"})
    if word == "image" and not results:
        return call_of(request, "view_image", {"path": text_of(messages[at]).split()[-1]})
    if word == "image":
        seen = any(has_image(m) for m in messages[at:])
        return ["I see an image." if seen else "I see nothing."], None
    if word == "recall":
        first = [text_of(m) for m in messages if m["role"] == "user" and "[say]" in text_of(m)]
        return ["You said: ", first[0] if first else "nothing", "."], None
    return (["The tool said: ", results[-1], "."] if results else upstream.GREETING), None


class Handler(upstream.Handler):
    def do_GET(self):
        if self.path.endswith("/seen"):
            with LOCK:
                self.json(dict(SEEN))
        else:
            self.json({"object": "list", "data": [{"id": name} for name in MODELS]})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with LOCK:
            SEEN["requests"] += 1
        if prompt(request["messages"])[1] == "hang":
            with LOCK:
                SEEN["hanging"] += 1
            self.rfile.read(1)  # Until the caller has enough.
            with LOCK:
                SEEN["gone"] += 1
            return
        self.stream(*answer(request))


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
    server.serve_forever()
