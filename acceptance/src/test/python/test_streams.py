"""Streams: resumed anywhere, the same bytes."""

import pytest

from conftest import long_background


def events(api, path):
    with api.stream("GET", path) as answer:
        assert answer.status_code == 200
        text = answer.read().decode("utf-8")
    return [block for block in text.split("\n\n") if block.startswith("event: ")]


@pytest.mark.parametrize("background", [True, False])
def test_every_resume_is_the_rest(api, background):
    made = api.post(
        "/responses",
        json={
            "model": "auto",
            "input": "Count.",
            "background": background,
            "max_output_tokens": 12,
        },
    ).json()
    whole = events(api, f"/responses/{made['id']}?stream=true")
    for after in range(-1, len(whole)):
        rest = events(api, f"/responses/{made['id']}?stream=true&starting_after={after}")
        assert rest == whole[after + 1 :]


def test_two_readers_see_the_same(api):
    made = long_background(api, max_output_tokens=40)
    one = events(api, f"/responses/{made['id']}?stream=true")
    two = events(api, f"/responses/{made['id']}?stream=true")
    assert one == two
    assert "response.incomplete" in one[-1] or "response.completed" in one[-1]


def test_a_silent_stream_has_heartbeats(api):
    busy = [long_background(api) for _ in range(6)]
    made = long_background(api)
    comments = 0
    with api.stream("GET", f"/responses/{made['id']}?stream=true") as answer:
        for line in answer.iter_lines():
            if line.startswith(":"):
                comments += 1
            if comments or "output_text.delta" in line:
                break
    for each in [*busy, made]:
        api.post(f"/responses/{each['id']}/cancel")
