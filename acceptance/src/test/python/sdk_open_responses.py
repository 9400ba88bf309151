"""What the compliance suite of Open Responses asks for, over an engine with known answers.

The cases of the suite in our own words: the same requests in kind, the same things looked for. The
proxy before the server holds every answer and event against the specification's schemas.
"""

import base64
import json

import pytest

PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360f8cf500f0003010101e2279a0000000049454e44ae426082"
    )
).decode()
TOOL = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
GREETING = "Hello from the engine."


def user(content):
    return {"type": "message", "role": "user", "content": content}


def ask(api, **body):
    answer = api.post("/responses", json={"model": "known", **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def stream(api, **body):
    events = []
    with api.stream("POST", "/responses", json={"model": "known", "stream": True, **body}) as got:
        assert got.status_code == 200
        for line in got.iter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                events.append(json.loads(line[6:]))
    return events


def texts(response):
    return [part["text"] for item in response["output"] for part in item.get("content", [])]


CONVERSATIONS = {
    "basic-response": [user("Say hello in exactly 3 words.")],
    "system-prompt": [
        {"type": "message", "role": "system", "content": "Speak like a pirate."},
        user("Say hello."),
    ],
    "multi-turn": [
        user("My name is Alice."),
        {"type": "message", "role": "assistant", "content": "Hello Alice."},
        user("What is my name?"),
    ],
    "image-input": [
        user(
            [
                {"type": "input_text", "text": "What is to be seen?"},
                {"type": "input_image", "image_url": "data:image/png;base64," + PIXEL},
            ]
        )
    ],
    "file-input": [
        user(
            [
                {"type": "input_text", "text": "What is its title?"},
                {
                    "type": "input_file",
                    "filename": "a.pdf",
                    "file_data": "data:application/pdf;base64,JVBERi0xLjEK",
                },
            ]
        )
    ],
    "assistant-phase": [
        user("Look it up."),
        {
            "type": "message",
            "role": "assistant",
            "phase": "commentary",
            "content": [{"type": "output_text", "text": "I look."}],
        },
        user("And?"),
    ],
}


@pytest.mark.parametrize("case", CONVERSATIONS)
def test_a_conversation(api, case):
    response = ask(api, input=CONVERSATIONS[case])
    assert response["status"] == "completed"
    assert texts(response) == [GREETING]


def test_streaming_response(api):
    events = stream(api, input=[user("Count from 1 to 5.")])
    assert events[-1]["type"] == "response.completed"
    assert texts(events[-1]["response"]) == [GREETING]


def test_tool_calling(api):
    response = ask(api, input=[user("What is the weather in Paris?")], tools=[TOOL])
    assert [item["type"] for item in response["output"]] == ["function_call"]


def test_tool_calling_streaming(api):
    events = stream(api, input=[user("What is the weather in Paris?")], tools=[TOOL])
    kinds = [event["type"] for event in events]
    assert "response.function_call_arguments.delta" in kinds
    assert "response.function_call_arguments.done" in kinds
    for kind in ("response.output_item.added", "response.output_item.done"):
        items = [event["item"]["type"] for event in events if event["type"] == kind]
        assert items == ["function_call"]


@pytest.mark.parametrize("choice", ["auto", {"type": "function", "name": "get_weather"}])
def test_function_call_roundtrip(api, choice):
    first = ask(api, input="What is the weather in Paris?", tools=[TOOL], tool_choice=choice)
    (call,) = first["output"]
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "sunny"}
    again = ask(api, input=[user("What is the weather in Paris?"), call, output], tools=[TOOL])
    assert texts(again) == ["The tool said: sunny."]


def test_previous_response_id(api):
    first = ask(api, input="Remember papaya.")
    second = ask(api, input="What?", previous_response_id=first["id"])
    assert second["previous_response_id"] == first["id"]
    assert texts(second) == [GREETING]


def test_what_is_not_stored_is_no_previous_response(api):
    first = ask(api, input="Remember papaya.", store=False)
    body = {"model": "known", "input": "What?", "previous_response_id": first["id"]}
    assert api.post("/responses", json=body).status_code in (400, 404)


def test_structured_output(api):
    form = {"type": "json_schema", "name": "person", "schema": {"type": "object"}}
    response = ask(api, input="Who?", text={"format": form})
    assert response["text"]["format"]["description"] is None
    assert response["text"]["format"]["strict"] is False


def test_what_nobody_gave_is_null(api):
    response = ask(api, input="Hi.", tools=[{"type": "function", "name": "f"}], tool_choice="none")
    for name in ("prompt_cache_key", "safety_identifier"):
        assert response[name] is None
    assert response["tools"][0]["description"] is None
    assert api.get("/responses/" + response["id"]).json() == response
