"""Checks every answer and every event against the contract's schemas, on its way to the client."""

import http.client
import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

TERMINAL = {
    "response.completed",
    "response.failed",
    "response.incomplete",
    "response.cancelled",
    "error",
}
RESPONSE_EVENTS = TERMINAL | {"response.created", "response.queued", "response.in_progress"}
LONGEST_SILENCE = 4.0

# Null where nobody gave it, which MKA1's client takes though its schema has but a text there.
NULLS = ("prompt_cache_key", "safety_identifier")


def without_nulls(response):
    """A response without the nulls that are there for Open Responses."""
    told = {name: value for name, value in response.items() if name not in NULLS or value}
    told["tools"] = [undescribed(tool) for tool in response["tools"]]
    text = response["text"]
    told["text"] = {**text, "format": undescribed(text["format"])}
    return told


def undescribed(node):
    return {k: v for k, v in node.items() if k != "description" or v is not None}


class Contract:
    """Collects what breaks the contract."""

    def __init__(self, schema_file, open_responses):
        self.open_responses = open_responses
        with open(schema_file, encoding="utf-8") as file:
            self.schema = json.load(file)
        self.defs = self.schema["$defs"]
        self.events = {}
        for name, definition in self.defs.items():
            properties = definition.get("properties", {})
            kind = properties.get("type", {}).get("const")
            if kind and "sequence_number" in properties:
                self.events[kind] = name
        self.validators = {}
        self.violations = []
        self.checked = 0

    def check(self, name, value, where):
        validator = self.validators.get(name)
        if validator is None:
            root = {"$ref": "#/$defs/" + name, "$defs": self.defs}
            validator = self.validators[name] = Draft202012Validator(root)
        self.checked += 1
        error = next(iter(validator.iter_errors(value)), None)
        if error is not None:
            path = "/".join(str(step) for step in error.absolute_path)
            self.violations.append(f"{where}: {name} at {path!r}: {error.message[:300]}")

    def note(self, fault, where):
        if fault is not None:
            self.violations.append(f"{where}: Open Responses: {fault}")

    def check_response(self, value, where):
        self.check("ResponseObject", without_nulls(value), where)
        self.note(self.open_responses.response_fault(value), where)
        terminal = value["status"] not in ("queued", "in_progress")
        if terminal != isinstance(value["completed_at"], int):
            self.violations.append(f"{where}: {value['status']} but {value['completed_at']=}")
        for item in value["output"]:
            if terminal and item.get("status") in ("in_progress", "searching"):
                self.violations.append(f"{where}: an item is still {item['status']}")

    def check_json(self, method, path, status, value, where):
        if status >= 400:
            error = value.get("error")
            if set(error or ()) != {"message", "type", "param", "code"}:
                self.violations.append(f"{where}: not the API's error: {value}")
            return
        kind = value.get("object")
        if kind == "response":
            if method == "DELETE":
                self.check("DeleteResponseObject", value, where)
            else:
                self.check_response(value, where)
        elif kind == "list" and path.endswith("/input_items"):
            self.check("InputItemListObject", value, where)
        elif kind == "list" and path.endswith("/responses"):
            listed = [without_nulls(each) for each in value["data"]]
            self.check("ResponseListObject", {**value, "data": listed}, where)
            for each in value["data"]:
                self.note(self.open_responses.response_fault(each), where)

    def check_stream(self, text, resumed, done_marker, where):
        blocks = [block for block in text.split("\n\n") if block.strip()]
        events = []
        marker = False
        for block in blocks:
            fields = {}
            for line in block.split("\n"):
                if line.startswith(":"):
                    continue
                name, _, data = line.partition(": ")
                fields[name] = data
            if not fields:
                continue
            if fields.get("data") == "[DONE]":
                marker = True
                continue
            event = json.loads(fields["data"])
            if fields.get("event") != event["type"]:
                self.violations.append(f"{where}: event: line {fields.get('event')!r}")
            events.append(event)
        self.check_events(events, resumed, where)
        ended = bool(events) and events[-1]["type"] in TERMINAL
        if ended and marker != done_marker:
            self.violations.append(f"{where}: [DONE] is {marker}, should be {done_marker}")
        return ended

    def check_events(self, events, resumed, where):
        for event in events:
            self.note(self.open_responses.event_fault(event), where)
            name = self.events.get(event["type"])
            if name is None:
                self.violations.append(f"{where}: unknown event {event['type']}")
                continue
            if event["type"] in RESPONSE_EVENTS and "response" in event:
                self.check_response(event["response"], f"{where} {event['type']}")
                light = dict(event, response=None)
                if not isinstance(light["sequence_number"], int):
                    self.violations.append(f"{where}: no sequence number")
            else:
                self.check(name, event, where)
        numbers = [event["sequence_number"] for event in events]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False:
            self.violations.append(f"{where}: numbers {numbers}")
        if events and not resumed:
            if events[0]["type"] != "response.created" or numbers[0] != 0:
                self.violations.append(f"{where}: begins with {events[0]['type']}")
        for event in events[:-1]:
            if event["type"] in TERMINAL:
                self.violations.append(f"{where}: something follows {event['type']}")


def start(targets, contract):
    """Starts a proxy before the nodes, each request to the next one; gives its address."""
    turns = itertools.cycle([urlsplit(target) for target in targets])
    turn = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def handle_any(self):
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length) if length else None
            with turn:
                server = next(turns)
            upstream = http.client.HTTPConnection(server.hostname, server.port, timeout=600)
            headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
            upstream.request(self.command, self.path, body, headers)
            answer = upstream.getresponse()
            where = f"{self.command} {self.path} -> {answer.status}"
            if not answer.headers.get("x-request-id"):
                contract.violations.append(f"{where}: no x-request-id")
            if answer.headers.get_content_type() == "text/event-stream":
                self.stream(answer, where)
            else:
                self.whole(answer, where)
            upstream.close()

        def whole(self, answer, where):
            content = answer.read()
            if answer.headers.get_content_type() == "application/json" and content:
                path = urlsplit(self.path).path
                contract.check_json(
                    self.command, path, answer.status, json.loads(content), where
                )
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def stream(self, answer, where):
            self.send_response(answer.status)
            self.send_header("content-type", answer.headers["content-type"])
            self.send_header("transfer-encoding", "chunked")
            self.send_header("x-request-id", answer.headers["x-request-id"])
            self.end_headers()
            seen = bytearray()
            last = time.monotonic()
            try:
                while chunk := answer.read1(65536):
                    now = time.monotonic()
                    if now - last > LONGEST_SILENCE:
                        contract.violations.append(f"{where}: silent for {now - last:.1f} s")
                    last = now
                    seen += chunk
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
                return
            resumed = "starting_after" in self.path
            marker = not self.path.startswith("/api/v1/llm")
            contract.check_stream(seen.decode("utf-8"), resumed, marker, where)

        do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = handle_any

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.daemon_threads = True
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{proxy.server_address[1]}"
