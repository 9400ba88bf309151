"""An engine with known answers that calls what it is told to: [call ENDING {arguments}] in the last prompt.

It calls the function whose name ends so; what the tool gave back is told in the next turn. Where the prompt has several such lines, they are
called one after the other.
"""

import json
import re
from http.server import ThreadingHTTPServer

import upstream


def text_of(message):
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content)


def asked(messages):
    """The place of the last prompt that says what to call, and the calls."""
    for at in range(len(messages) - 1, -1, -1):
        if messages[at]["role"] == "user":
            found = re.findall(r"\[call (\S+) (\{.*\})\]", text_of(messages[at]))
            if found:
                return at, found
    return 0, []


def answer(request):
    messages = request["messages"]
    at, calls = asked(messages)
    results = [text_of(m) for m in messages[at:] if m["role"] == "tool"]
    images = sum(
        part.get("type") == "image_url"
        for m in messages[at:] if isinstance(m.get("content"), list) for part in m["content"])
    if not calls:
        return upstream.GREETING, None
    if len(results) >= len(calls):
        return ["The tool said: ", results[-1], f" ({images} images)"], None
    ending, arguments = calls[len(results)]
    names = [tool["function"]["name"] for tool in request.get("tools", [])]
    name = next((name for name in names if name.endswith(ending)), None)
    if name is None:
        return [f"There is no tool {ending} among {names}."], None
    return [], {"name": name, "arguments": arguments}


class Handler(upstream.Handler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.stream(*answer(request))


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
    server.serve_forever()
