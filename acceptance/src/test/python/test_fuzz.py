"""Five thousand requests made of the API's description and then broken: no 5xx, no hang."""

import copy
import json
import os
import random
from concurrent.futures import ThreadPoolExecutor

import httpx

from conftest import KEY

SEED = int(os.environ.get("ANTIPHON_FUZZ_SEED", "20261123"))
COUNT = int(os.environ.get("ANTIPHON_FUZZ_COUNT", "5000"))
WORKERS = 8

# Values that are seldom what a field wants.
ODD = [
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 1e308, 0.5, "", "x", "\u0000",
    "é\U0001f600", "a" * 5000, [], {}, [None], [[]], {"type": None}, {"type": "x"}, [{"a": 1}],
    {"a": {"b": {"c": []}}},
]  # fmt: skip

# Whole and valid: so that a change alone decides. No such model: so that nothing is generated.
SEEDS = [
    {"model": "none", "input": "hi", "store": False},
    {
        "model": "none",
        "instructions": "be brief",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "hi"}]},
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": "1"},
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {"type": "item_reference", "id": "msg_1"},
        ],
        "metadata": {"a": "b"},
        "tools": [
            {"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": True},
            {"type": "custom", "name": "g", "format": {"type": "text"}},
        ],
        "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function"}]},
        "text": {"format": {"type": "json_schema", "name": "s", "schema": {"type": "object"}}},
        "reasoning": {"effort": "low", "summary": None},
        "temperature": 1,
        "top_p": 0.5,
        "stop": ["x"],
        "include": ["message.output_text.logprobs"],
        "max_output_tokens": 3,
    },
]
PATHS = ["", "/resp_1", "/resp_1/cancel", "/resp_1/input_items", "/x", "/resp_%zz", "/%00", "//"]
QUERIES = ["", "?limit=1", "?limit=x", "?order=%zz", "?after=", "?stream=true", "?stream=2",
           "?starting_after=-5", "?include[]=x", "?a=" + "b" * 3000]  # fmt: skip
METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD"]


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*path, index))


def changed(value, chance):
    value = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        path = chance.choice(list(places(value)))
        if not path:
            continue
        parent = value
        for step in path[:-1]:
            parent = parent[step]
        if chance.random() < 0.2:
            del parent[path[-1]]
        else:
            parent[path[-1]] = copy.deepcopy(chance.choice(ODD))
    return value


def content(chance):
    raw = json.dumps(changed(chance.choice(SEEDS), chance)).encode()
    if chance.random() < 0.2:
        at = chance.randrange(len(raw))
        raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + chance.randint(0, 9) :]
    return raw


def one(client, number):
    chance = random.Random(SEED * 1_000_003 + number)
    headers = {"authorization": "Bearer " + KEY, "content-type": "application/json"}
    if chance.random() < 0.7:
        method, path, body = "POST", "/responses", content(chance)
    else:
        method = chance.choice(METHODS)
        path = "/responses" + chance.choice(PATHS) + chance.choice(QUERIES)
        body = content(chance) if method in ("POST", "PUT", "PATCH") else None
    try:
        answer = client.request(method, path, content=body, headers=headers)
    except httpx.HTTPError as failure:
        return 0, f"{method} {path} {body!r}: {failure!r}"
    wrong = None
    if answer.status_code >= 500:
        wrong = f"{method} {path} {body!r} -> {answer.status_code} {answer.text[:200]}"
    elif answer.status_code >= 400 and method != "HEAD":
        if set(answer.json()["error"]) != {"message", "type", "param", "code"}:
            wrong = f"{method} {path} -> {answer.text[:200]}"
    return answer.status_code, wrong


def test_nothing_breaks_it(direct):
    print("seed", SEED)
    with httpx.Client(base_url=direct + "/v1", timeout=20) as client:
        with ThreadPoolExecutor(WORKERS) as workers:
            results = list(workers.map(lambda n: one(client, n), range(COUNT)))
    wrong = [text for _, text in results if text]
    assert not wrong, "\n".join(wrong[:10])
    assert len(results) == COUNT
    assert {status for status, _ in results} >= {200, 400, 404, 405}
