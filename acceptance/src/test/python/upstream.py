"""An engine with known answers that speaks Chat Completions, for tests of client libraries.

Prints its address, then serves until it is ended. What it says follows from the request alone:
a schema gives a JSON object, tools give a call of the first one, a tool's result gives a sentence
about it, [hang] in the input no answer at all, anything else a greeting.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GREETING = ["Hello", " from", " the", " engine", "."]
OBJECT = ['{"name": "Ada', ' Lovelace", "born": ', "1815}"]
USAGE = {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}


def answer(request):
    """The parts of the text, or a tool call."""
    # Some clients repeat the user's words behind a call: what counts is what its tool has said.
    roles = [message["role"] for message in request["messages"]]
    since = len(roles) - roles[::-1].index("assistant") if "assistant" in roles else 0
    said = [message for message in request["messages"][since:] if message["role"] == "tool"]
    if said:
        return ["The tool said: ", said[-1]["content"], "."], None
    if request.get("tools") and request.get("tool_choice") != "none":
        name = request["tools"][0]["function"]["name"]
        return [], {"name": name, "arguments": json.dumps({"city": "Paris"})}
    if (request.get("response_format") or {}).get("type") == "json_schema":
        return OBJECT, None
    return GREETING, None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.json({"object": "list", "data": [{"id": "known", "object": "model", "created": 1,
                                               "owned_by": "tests"}]})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "[hang]" in json.dumps(request["messages"]):
            self.rfile.read(1)  # Until the caller has enough.
            return
        parts, call = answer(request)
        if request.get("stream"):
            self.stream(parts, call)
            return
        message = {"role": "assistant", "content": "".join(parts) or None}
        if call:
            message["tool_calls"] = [{"id": "call_1", "type": "function", "function": call}]
        self.json({"id": "c", "object": "chat.completion", "created": 1, "model": "known",
                   "choices": [{"index": 0, "message": message, "finish_reason": finish(call)}],
                   "usage": USAGE})

    def stream(self, parts, call):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        for part in parts:
            self.chunk({"content": part})
        if call:
            start = {"name": call["name"], "arguments": ""}
            self.chunk({"tool_calls": [{"index": 0, "id": "call_1", "type": "function",
                                        "function": start}]})
            for piece in (call["arguments"][:5], call["arguments"][5:]):
                self.chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
        self.chunk({}, finish(call))
        self.event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "known",
                    "choices": [], "usage": USAGE})
        self.wfile.write(b"data: [DONE]\n\n")

    def chunk(self, delta, finish_reason=None):
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        self.event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "known",
                    "choices": [choice]})

    def event(self, value):
        self.wfile.write(b"data: " + json.dumps(value).encode() + b"\n\n")
        self.wfile.flush()

    def json(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def finish(call):
    return "tool_calls" if call else "stop"


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
    server.serve_forever()
