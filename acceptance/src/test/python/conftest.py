"""The clients under test, each behind the contract's checks."""

import os

import contract as contract_checks
import httpx
import openai
import pytest
from mka1 import SDK
from open_responses import OpenResponses

KEY = os.environ["ANTIPHON_KEY"]
NODES = os.environ["ANTIPHON_URL"].split(",")
DIRECT = NODES[0]


@pytest.fixture(scope="session")
def contract():
    specification = OpenResponses(os.environ["ANTIPHON_OPEN_RESPONSES"])
    checks = contract_checks.Contract(os.environ["ANTIPHON_SCHEMA"], specification)
    yield checks
    assert checks.checked > 0, "nothing was checked against the contract"
    assert not checks.violations, "\n".join(checks.violations[:20])


@pytest.fixture(scope="session")
def url(contract):
    return contract_checks.start(NODES, contract)


@pytest.fixture(scope="session")
def direct():
    """The server itself, for tests about connections."""
    return DIRECT


@pytest.fixture
def sdk(url):
    with SDK(bearer_auth=KEY, server_url=url) as client:
        yield client


@pytest.fixture
def client(url):
    with openai.OpenAI(api_key=KEY, base_url=url + "/v1") as made:
        yield made


@pytest.fixture
def api(url):
    """Plain HTTP to OpenAI's mount."""
    headers = {"authorization": "Bearer " + KEY}
    with httpx.Client(base_url=url + "/v1", headers=headers, timeout=60) as made:
        yield made


def long_background(api, **more):
    """A background response that goes on for a while."""
    body = {
        "model": "auto",
        "input": "Tell me a very long story about the sea, in many chapters.",
        "background": True,
        "temperature": 0,  # What the tiny model says is chance else, and short now and then.
        "max_output_tokens": 2000,
        **more,
    }
    answer = api.post("/responses", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()
