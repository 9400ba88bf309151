"""Each rule of a request, over HTTP: the status, the field, and that nothing was made."""

import pytest

USER = {"role": "user", "content": "Hi."}
FUNCTION = {"type": "function", "name": "f", "parameters": {}, "strict": False}

CASES = [
    ({"model": None}, "model"),
    ({"model": ""}, "model"),
    ({"model": 5}, "model"),
    ({"model": "no-such-model"}, "model"),
    ({"input": None}, "input"),
    ({"input": 5}, "input"),
    ({"input": []}, "input"),
    ({"input": [None]}, "input[0]"),
    ({"input": [{"content": "x"}]}, "input[0].type"),
    ({"input": [{"type": "nonsense"}]}, "input[0].type"),
    ({"input": [{"role": "x", "content": "x"}]}, "input[0].role"),
    ({"input": [{"role": "user"}]}, "input[0].content"),
    ({"input": [{"role": "user", "content": 5}]}, "input[0].content"),
    (
        {"input": [{"role": "user", "content": [{"type": "input_text"}]}]},
        "input[0].content[0].text",
    ),
    (
        {"input": [{"role": "user", "content": [{"type": "nonsense"}]}]},
        "input[0].content[0].type",
    ),
    (
        {"input": [{"role": "user", "content": [{"type": "input_image"}]}]},
        "input[0].content[0]",
    ),
    (
        {"input": [{"role": "user", "content": [{"type": "input_file"}]}]},
        "input[0].content[0]",
    ),
    (
        {"input": [{"role": "user", "content": [{"type": "output_text", "text": "x"}]}]},
        "input[0].content[0].type",
    ),
    ({"input": [USER, {"type": "item_reference", "id": "msg_x"}]}, "input[1].id"),
    (
        {"input": [{"type": "function_call", "name": "f", "arguments": "{}"}]},
        "input[0].call_id",
    ),
    (
        {
            "input": [
                {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
            ]
        },
        "input",
    ),
    (
        {"input": [{"type": "function_call_output", "call_id": "c", "output": "x"}]},
        "input[0].call_id",
    ),
    ({"temperature": 2.01}, "temperature"),
    ({"temperature": -0.1}, "temperature"),
    ({"temperature": "1"}, "temperature"),
    ({"top_p": 1.1}, "top_p"),
    ({"top_p": -1}, "top_p"),
    ({"top_logprobs": 21}, "top_logprobs"),
    ({"top_logprobs": -1}, "top_logprobs"),
    ({"top_logprobs": 1.5}, "top_logprobs"),
    ({"presence_penalty": 3}, "presence_penalty"),
    ({"frequency_penalty": -3}, "frequency_penalty"),
    ({"min_p": 2}, "min_p"),
    ({"repetition_penalty": 0}, "repetition_penalty"),
    ({"max_output_tokens": 0}, "max_output_tokens"),
    ({"max_output_tokens": "5"}, "max_output_tokens"),
    ({"max_tool_calls": 0}, "max_tool_calls"),
    ({"max_tool_calls": 301}, "max_tool_calls"),
    ({"fallback_models": ["a"] * 6}, "fallback_models"),
    ({"stop": ["x"] * 17}, "stop"),
    ({"stop": [""]}, "stop[0]"),
    ({"metadata": {str(i): "x" for i in range(17)}}, "metadata"),
    ({"metadata": {"k" * 65: "x"}}, "metadata"),
    ({"metadata": {"k": "x" * 513}}, "metadata.k"),
    ({"metadata": {"k": 5}}, "metadata.k"),
    ({"metadata": []}, "metadata"),
    ({"stream": "yes"}, "stream"),
    ({"store": 1}, "store"),
    ({"truncation": "some"}, "truncation"),
    ({"include": ["nonsense"]}, "include[0]"),
    ({"reasoning": {"effort": 3}}, "reasoning.effort"),
    ({"text": {"format": {"type": "xml"}}}, "text.format.type"),
    ({"text": {"format": {"type": "json_schema", "schema": {}}}}, "text.format.name"),
    (
        {"text": {"format": {"type": "json_schema", "name": "a b", "schema": {}}}},
        "text.format.name",
    ),
    ({"text": {"verbosity": 2}}, "text.verbosity"),
    ({"tools": {}}, "tools"),
    ({"tools": [{"type": "function"}]}, "tools[0].name"),
    ({"tools": [{"type": "nonsense"}]}, "tools[0].type"),
    ({"tools": [FUNCTION, FUNCTION]}, "tools[1].name"),
    ({"tools": [{**FUNCTION, "name": "a b"}]}, "tools[0].name"),
    ({"tools": [{"type": "file_search"}]}, "tools[0]"),
    ({"tools": [{"type": "web_search"}]}, "tools[0]"),
    (
        {"tools": [{"type": "mcp", "server_label": "s", "server_url": "http://127.0.0.1:1/"}]},
        "tools[0].server_url",
    ),
    ({"tool_choice": "always"}, "tool_choice"),
    ({"tool_choice": "required"}, "tool_choice"),
    ({"tool_choice": {"type": "function", "name": "x"}}, "tool_choice.name"),
    ({"tool_choice": {"type": "function"}}, "tool_choice.name"),
    ({"previous_response_id": "resp_unknown"}, "previous_response_id"),
    ({"conversation": 7}, "conversation"),
    ({"conversation": "conv_1", "previous_response_id": "resp_unknown"}, "conversation"),
    ({"webhook_url": "http://127.0.0.1/"}, "webhook_url"),
    ({"stream_events": True}, "stream_events"),
    ({"prompt": {"id": "p"}}, "prompt.id"),
    ({"user": "u" * 513}, "user"),
]


def count(api):
    return len(api.get("/responses?limit=100").json()["data"])


@pytest.mark.parametrize("change,param", CASES, ids=lambda value: str(value)[:60])
def test_a_rule(api, change, param):
    body = {"model": "auto", "input": "Hi.", **change}
    before = count(api)
    answer = api.post("/responses", json=body)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["param"] == param
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert count(api) == before


def test_unknown_fields_are_tolerated(api):
    body = {"model": "auto", "input": "Hi.", "max_output_tokens": 2, "brand_new": {"a": 1}}
    assert api.post("/responses", json=body).status_code == 200


def test_nulls_count_as_absent(api):
    body = {
        "model": "auto",
        "input": "Hi.",
        "max_output_tokens": 2,
        "temperature": None,
        "tools": None,
        "metadata": None,
    }
    assert api.post("/responses", json=body).status_code == 200


def test_a_context_that_is_too_long(api):
    body = {"model": "auto", "input": "word " * 20000, "truncation": "disabled"}
    answer = api.post("/responses", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "context_length_exceeded"
    assert "8192" in answer.json()["error"]["message"]
