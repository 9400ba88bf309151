"""Each item, tool, tool choice and field of a request that OpenAI's package publishes, sent to the
server: it is taken or refused by name, and never breaks anything. What was taken is told again."""

import httpx
import openai_types
import pytest
from conftest import KEY

FUNCTION = {"type": "function", "name": "f"}
USER = {"role": "user", "content": "Hi."}
SENT = {
    "item": lambda value: {"input": [USER, value, USER]},
    "tool": lambda value: {
        "input": "Hi.",
        "tools": [value, FUNCTION],
        "tool_choice": "none",
    },
    "tool_choice": lambda value: {"input": "Hi.", "tools": [FUNCTION], "tool_choice": value},
}
EACH = [
    each
    for each in openai_types.instances()
    if each["place"] in SENT and each["what"] in ("least", "full")
]


@pytest.mark.parametrize("place", SENT)
def test_each(api, place):
    broken = []
    sent = [each for each in EACH if each["place"] == place]
    for each in sent:
        answer = api.post("/responses", json={"model": "known", **SENT[place](each["value"])})
        fine = answer.status_code == 200
        refused = answer.status_code == 400 and answer.json()["error"]["param"]
        if not fine and not refused:
            broken.append((each, answer.status_code, answer.text))
    assert sent
    assert not broken, broken[:5]


# What a response shows in another form, or not at all.
NOT_TOLD = {"background_options", "context_management", "include", "input", "stream"}
NOT_TOLD |= {"conversation", "previous_response_id", "stream_options"}


def lost(sent, told, path):
    """The paths of what was sent and is not told, or told otherwise."""
    if sent is None:
        return []
    if isinstance(sent, dict) and isinstance(told, dict):
        return [each for name in sent for each in lost(sent[name], told.get(name), path + "." + name)]
    if isinstance(sent, list) and isinstance(told, list) and len(sent) == len(told):
        return [each for pair in zip(sent, told) for each in lost(*pair, path + "[]")]
    return [] if sent == told else [f"{path}: {sent!r} became {told!r}"]


def test_each_field_of_a_request(direct):
    """Past the contract's checks: it is older than some of the values."""
    headers = {"authorization": "Bearer " + KEY}
    with httpx.Client(base_url=direct + "/v1", headers=headers, timeout=60) as api:
        each_field(api)


def each_field(api):
    broken = []
    taken = 0
    for each in openai_types.instances():
        # Items and tools are sent in the tests above.
        if each["place"] != "request" or each["what"].startswith(("input=", "tools=")):
            continue
        value = {"input": "Hi.", **each["value"], "model": "known"}
        # There are none of these names.
        value.pop("previous_response_id", None)
        value.pop("conversation", None)
        answer = api.post("/responses", json=value)
        if answer.status_code == 200 and "json" in answer.headers["content-type"]:
            taken += 1
            told = answer.json()
            kept = {name: value[name] for name in value if name not in NOT_TOLD}
            broken += [(each["what"], path) for path in lost(kept, told, "")]
        elif answer.status_code != 200:
            refused = answer.status_code == 400 and answer.json()["error"]["param"]
            broken += [] if refused else [(each["what"], answer.status_code, answer.text)]
    assert taken > 100
    assert not broken, broken[:5]
