"""Each item, tool and tool choice that OpenAI's package publishes, sent to the server: it is taken
or refused by name, and never breaks anything."""

import openai_types
import pytest

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
