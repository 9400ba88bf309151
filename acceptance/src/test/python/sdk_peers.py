"""What other servers get wrong, where no other test shows that this one does not."""

import time

import httpx

KNOWN = {"model": "known", "input": "Say hello."}


def test_a_hanging_engine_freezes_nobody(api, direct):
    hanging = [
        api.post("/responses", json={**KNOWN, "input": "[hang]", "background": True}).json()["id"]
        for _ in range(20)
    ]
    start = time.monotonic()
    assert httpx.get(direct + "/health/live").status_code == 200
    assert httpx.get(direct + "/health/ready").status_code == 200
    assert api.post("/responses", json=KNOWN).json()["status"] == "completed"
    assert time.monotonic() - start < 5
    for response in hanging:
        cancelled = api.post(f"/responses/{response}/cancel")
        assert cancelled.json()["status"] == "cancelled"


def test_deleting_what_is_not_there(api):
    assert api.delete("/responses/resp_000000000000000000000000").status_code == 404


def test_a_long_chain_is_kept_once(api):
    """A chain is read by reference: the last turn's own input is one item."""
    previous = None
    for turn in range(60):
        body = {**KNOWN, "input": f"turn {turn}", "previous_response_id": previous}
        previous = api.post("/responses", json=body).json()["id"]
    items = api.get(f"/responses/{previous}/input_items?limit=100").json()["data"]
    assert len(items) == 1
