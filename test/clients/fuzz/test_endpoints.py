"""Every endpoint of the OpenAPI document under generated input, with the same input in every run.

What is asked of each answer: it is no 5xx, its status is documented, and its body and content type are as documented.
"""

import os
import time
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from realistic import PROJECT, Known
from servers import Server, Witness

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
TOKEN = "X-MSTR-AuthToken"

# The suite is bounded in time: afterwards an endpoint gets its first inputs only. None gets nothing at all, whatever the
# machine: an endpoint that was sent nothing would count as passed.
UNTIL = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", "600"))
AT_LEAST = 4
sent: Counter[str] = Counter()


def is_over(endpoint: str) -> bool:
    return sent[endpoint] >= AT_LEAST and time.monotonic() > UNTIL


server: Server = pytest.fuzzed_server
schema = schemathesis.openapi.from_url(f"{server.url}/api/openapi.json")
# The resources of the modeling API are one implementation under twenty names.
modeling = schema.include(path_regex="^/api/model/")
others = schema.exclude(path_regex="^/api/model/")


class Session:
    """An administrator's session that is replaced when a generated request has ended it."""

    def __init__(self) -> None:
        self._witness = server.witness()
        self.known = Known(self._witness)

    def witness(self) -> Witness:
        if self._witness.call("GET", "/sessions").status_code == 401:
            self._witness = server.witness()
        return self._witness


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


@pytest.fixture
def token(session: Session) -> str:
    witness = session.witness()
    session.known.learn(witness)
    return witness.token


def generated(examples: int):
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def send(case: schemathesis.Case, session: Session, token: str) -> None:
    endpoint = f"{case.method} {case.path}"
    if is_over(endpoint):
        return
    sent[endpoint] += 1
    case.headers = {**(case.headers or {}), TOKEN: token, "X-MSTR-ProjectID": PROJECT}
    if case.path_parameters:
        case.path_parameters = session.known.in_path(case.path, case.path_parameters)
        type = session.known.type_of(case.path_parameters.get("id", ""))
        if type is not None and case.query and "type" in case.query:
            case.query = {**case.query, "type": type}
    case.body = session.known.in_body(case.body)
    # An answer of which only some fields were asked for is not the whole of what the document describes.
    is_partial = "fields" in (case.query or {})
    case.call_and_validate(
        base_url=server.address,
        checks=CHECKS,
        excluded_checks=[response_schema_conformance] if is_partial else [],
    )


@others.parametrize()
@generated(20)
def test_endpoint(case: schemathesis.Case, session: Session, token: str) -> None:
    send(case, session, token)


@modeling.parametrize()
@generated(8)
def test_modeling(case: schemathesis.Case, session: Session, token: str) -> None:
    send(case, session, token)


def test_every_endpoint_was_sent_something(request: pytest.FixtureRequest) -> None:
    asked = {item.callspec.id for item in request.session.items if hasattr(item, "callspec")}
    assert len(sent) >= len(asked)
    assert all(count >= 1 for count in sent.values())


def test_the_server_has_nothing_to_complain_about() -> None:
    errors = [line for line in server.log().splitlines() if '"level":50' in line or '"level":60' in line]
    assert errors == []
