"""Checks answers and events against the Open Responses specification, beside MKA1's contract."""

import json
import re

from jsonschema import Draft202012Validator

# Of tools that the server runs: the specification has functions alone.
TOOLS_LEFT_OUT = re.compile(r"response\.(?!function_call)(mcp|[a-z_]+_call)(_list_tools|_arguments|_code|_call)*\.")

# What is not as the specification has it, and why.
EVENTS_LEFT_OUT = {
    "response.cancelled": "the specification has no cancel; MKA1's client wants this event",
    "response.reasoning_text.delta": "OpenAI's name; the specification says response.reasoning.delta",
    "response.reasoning_text.done": "OpenAI's name; the specification says response.reasoning.done",
    "response.custom_tool_call_input.delta": "the specification has no custom tools",
    "response.custom_tool_call_input.done": "the specification has no custom tools",
    "error": "flat, as MKA1's and OpenAI's clients read it; the specification nests it",
}
# Items and tools that the specification leaves to those who add them: they are not looked into.
CITATION = "url_citation"
ITEMS = {"message", "function_call", "function_call_output", "reasoning", "compaction"}


class OpenResponses:
    """The specification's schemas."""

    def __init__(self, file):
        with open(file, encoding="utf-8") as opened:
            document = json.load(opened)
        self.components = document["components"]
        content = document["paths"]["/responses"]["post"]["responses"]["200"]["content"]
        self.events = {}
        for one in content["text/event-stream"]["schema"]["oneOf"]:
            name = one["$ref"].rsplit("/", 1)[1]
            (kind,) = self.components["schemas"][name]["properties"]["type"]["enum"]
            self.events[kind] = name
        self.validators = {}
        self.checked = 0

    def response_fault(self, response):
        """What a response breaks, or None."""
        return self._fault("ResponseResource", known(response))

    def event_fault(self, event):
        """What an event breaks, or None."""
        kind = event["type"]
        if kind in EVENTS_LEFT_OUT or TOOLS_LEFT_OUT.match(kind):
            return None
        name = self.events.get(kind)
        if name is None:
            return f"{kind} is neither in the specification nor among what is left out"
        if "response" in event:
            event = {**event, "response": known(event["response"])}
        if event.get("item"):
            if event["item"]["type"] not in ITEMS:
                return None
            event = {**event, "item": cited(event["item"])}
        if event.get("part"):
            event = {**event, "part": cited_part(event["part"])}
        if event.get("annotation", {}).get("type", CITATION) != CITATION:
            return None
        return self._fault(name, event)

    def _fault(self, name, value):
        validator = self.validators.get(name)
        if validator is None:
            root = {"$ref": f"#/components/schemas/{name}", "components": self.components}
            validator = self.validators[name] = Draft202012Validator(root)
        self.checked += 1
        error = next(iter(validator.iter_errors(value)), None)
        if error is None:
            return None
        path = "/".join(str(step) for step in error.absolute_path)
        return f"{name} at {path!r}: {error.message[:300]}"


def cited(item):
    """A message with citations of pages alone: the specification has none of files."""
    if item["type"] != "message":
        return item
    return {**item, "content": [cited_part(part) for part in item["content"]]}


def cited_part(part):
    if not part.get("annotations"):
        return part
    return {**part, "annotations": [one for one in part["annotations"] if one["type"] == CITATION]}


def known(response):
    """A response without the kinds of item, tool and choice that are not the specification's."""
    pruned = dict(response)
    pruned["output"] = [cited(item) for item in response["output"] if item["type"] in ITEMS]
    pruned["tools"] = [tool for tool in response["tools"] if tool["type"] == "function"]
    choice = response["tool_choice"]
    if isinstance(choice, dict) and choice["type"] != "function":
        pruned["tool_choice"] = "auto"
    if isinstance(response["instructions"], list):
        pruned["instructions"] = None
    form = response["text"]["format"]
    if form["type"] == "json_schema":
        # The specification lets a response show no schema but null.
        pruned["text"] = {**response["text"], "format": {**form, "schema": None}}
    return pruned
