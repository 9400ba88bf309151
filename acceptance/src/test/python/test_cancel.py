"""The cancel table, case by case, with the real engine."""

import time

import httpx
import pytest

from conftest import KEY, long_background


def wait_for_text(api, response_id, limit=60):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        body = api.get(f"/responses/{response_id}").json()
        if len(body["output_text"]) > 10:
            return body
        time.sleep(0.05)
    raise AssertionError("no text in time")


def terminal_event(api, response_id):
    answer = api.get(f"/responses/{response_id}?stream=true")
    import json

    blocks = [block for block in answer.text.split("\n\n") if "event: response." in block]
    return json.loads(blocks[-1].split("data: ", 1)[1])


def test_while_it_writes(api):
    made = long_background(api)
    wait_for_text(api, made["id"])
    cancelled = api.post(f"/responses/{made['id']}/cancel")
    assert cancelled.status_code == 200
    body = cancelled.json()
    assert body["status"] == "cancelled"
    assert body["output_text"]
    assert body["output"][0]["status"] == "incomplete"
    assert body["usage"]["input_tokens"] > 0
    assert body["usage"]["output_tokens"] > 0
    assert api.post(f"/responses/{made['id']}/cancel").content == cancelled.content
    assert api.get(f"/responses/{made['id']}").content == cancelled.content
    last = terminal_event(api, made["id"])
    assert last["type"] == "response.cancelled"
    assert last["response"] == body


def test_at_once(api):
    made = long_background(api)
    body = api.post(f"/responses/{made['id']}/cancel").json()
    assert body["status"] == "cancelled"


def test_while_the_prompt_is_read(api):
    made = long_background(api, input="word " * 4000)
    time.sleep(0.3)
    began = time.monotonic()
    answer = api.post(f"/responses/{made['id']}/cancel")
    assert answer.json()["status"] == "cancelled"
    assert time.monotonic() - began < 2


def test_while_it_waits_behind_others(api):
    running = [long_background(api) for _ in range(8)]
    waiting = running[-1]
    body = api.post(f"/responses/{waiting['id']}/cancel").json()
    assert body["status"] == "cancelled"
    for made in running:
        assert api.post(f"/responses/{made['id']}/cancel").json()["status"] == "cancelled"


def test_ended_in_the_background(api):
    made = long_background(api, max_output_tokens=4)
    deadline = time.monotonic() + 60
    while api.get(f"/responses/{made['id']}").json()["completed_at"] is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    kept = api.get(f"/responses/{made['id']}")
    cancelled = api.post(f"/responses/{made['id']}/cancel")
    assert cancelled.status_code == 200
    assert cancelled.content == kept.content


def test_ended_in_the_foreground(api):
    made = api.post(
        "/responses", json={"model": "auto", "input": "Hi.", "max_output_tokens": 4}
    ).json()
    refused = api.post(f"/responses/{made['id']}/cancel")
    assert refused.status_code == 400
    assert "synchronous" in refused.json()["error"]["message"]


def test_a_stream_cancelled_from_elsewhere_ends_with_it(api, url):
    kinds = []
    body = {
        "model": "auto",
        "input": "Tell me a very long story.",
        "temperature": 0,
        "stream": True,
        "max_output_tokens": 2000,
    }
    with api.stream("POST", "/responses", json=body) as answer:
        response_id = None
        cancelled = None
        for line in answer.iter_lines():
            if line.startswith("event: "):
                kinds.append(line[7:])
            if line.startswith("data: ") and response_id is None:
                response_id = line.split('"id":"', 1)[1].split('"', 1)[0]
            if kinds.count("response.output_text.delta") == 5 and cancelled is None:
                cancelled = httpx.post(
                    f"{url}/api/v1/llm/responses/{response_id}/cancel",
                    headers={"authorization": "Bearer " + KEY},
                )
    assert cancelled.json()["status"] == "cancelled"
    assert kinds[-1] == "response.cancelled"


@pytest.mark.parametrize("mount", ["/v1", "/api/v1/llm"])
def test_who_asks_and_for_what(direct, mount):
    base = direct + mount + "/responses/"
    good = {"authorization": "Bearer " + KEY}
    assert httpx.post(base + "resp_unknown1/cancel", headers=good).status_code == 404
    bad = httpx.post(base + "nonsense/cancel", headers=good)
    assert bad.status_code == 400
    assert bad.json()["error"]["param"] == "response_id"
    assert httpx.post(base + "resp_unknown1/cancel").status_code == 401
    wrong = {"authorization": "Bearer nope"}
    assert httpx.post(base + "resp_unknown1/cancel", headers=wrong).status_code == 401


def test_a_client_that_leaves_is_a_cancel(direct, api):
    body = {
        "model": "auto",
        "input": "Tell me a very long story.",
        "temperature": 0,
        "stream": True,
        "max_output_tokens": 3000,
    }
    headers = {"authorization": "Bearer " + KEY}
    with httpx.stream("POST", direct + "/v1/responses", json=body, headers=headers) as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                response_id = line.split('"id":"', 1)[1].split('"', 1)[0]
                break
    deadline = time.monotonic() + 10
    while api.get(f"/responses/{response_id}").json()["status"] == "in_progress":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert api.get(f"/responses/{response_id}").json()["status"] == "cancelled"
