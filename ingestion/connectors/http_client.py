"""Ask an HTTP interface for JSON: token, rate limit, broken connections, bounded answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from decimal import Decimal
from types import TracebackType
from typing import Annotated, Literal

import httpx
from pydantic import Field
from tenacity import RetryCallState, Retrying, before_sleep_log, retry_if_exception_type, stop_after_attempt

from ingestion.connectors.settings import StrictModel, secret

_LOG = logging.getLogger(__name__)
_LONGEST_WAIT_S = 120.0


class SourceError(RuntimeError):
    """The source's answer cannot be used; the message names the address and the remedy."""


class Busy(RuntimeError):
    """The source asks to come back later (429, 5xx), or its token is no longer good (401)."""

    def __init__(self, url: str, status: int, wait_s: float | None) -> None:
        """``wait_s`` is the source's own wish."""
        super().__init__(f"{url} answers {status}")
        self.status, self.wait_s = status, wait_s


class StaticToken(StrictModel):
    """A token that does not expire."""

    kind: Literal["token"]
    token_env: str


class ClientCredentials(StrictModel):
    """A token that is fetched, and fetched anew when the source no longer takes it (OAuth 2)."""

    kind: Literal["client_credentials"]
    token_path: str = Field(pattern="^/")
    client_id: str
    client_secret_env: str


Auth = Annotated[StaticToken | ClientCredentials, Field(discriminator="kind")]


class HttpClient:
    """One source. Use as a context manager."""

    def __init__(
        self, base_url: str, auth: Auth, timeout_s: float, attempts: int, pause_s: float, max_bytes: int
    ) -> None:
        """``pause_s`` doubles with every attempt; a wait that the source asks for comes first."""
        self._http = httpx.Client(base_url=base_url, timeout=timeout_s, follow_redirects=False)
        self._auth = auth
        self._token: str | None = None
        self._pause_s = pause_s
        self._max_bytes = max_bytes
        self._retrying = Retrying(
            stop=stop_after_attempt(attempts),
            wait=self._wait,
            retry=retry_if_exception_type((httpx.TransportError, Busy)),
            before_sleep=before_sleep_log(_LOG, logging.INFO),
            reraise=True,
        )

    def __enter__(self) -> HttpClient:
        """Nothing is opened yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str | int]) -> object:
        """JSON answer, decimals exact.

        Raises Busy or httpx.TransportError when all attempts failed, SourceError for an answer that asking
        again does not change.
        """
        answer: object = self._retrying(self._get_once, path, params)
        return answer

    def _get_once(self, path: str, params: Mapping[str, str | int]) -> object:
        """One request with the token."""
        if self._token is None:
            self._token = self._new_token()
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        request = self._http.build_request("GET", path, params=dict(params), headers=headers)
        try:
            return self._send(request)
        except Busy as busy:
            if busy.status == 401:
                self._token = None
            raise

    def _new_token(self) -> str:
        """Token of the settings, or a fresh one of the source."""
        if isinstance(self._auth, StaticToken):
            return secret(self._auth.token_env)
        form = {
            "grant_type": "client_credentials",
            "client_id": self._auth.client_id,
            "client_secret": secret(self._auth.client_secret_env),
        }
        request = self._http.build_request("POST", self._auth.token_path, data=form)
        try:
            answer = self._send(request)
        except Busy as busy:
            if busy.status == 401:
                raise SourceError(
                    f"{request.url}: refuses client_id {self._auth.client_id!r}. "
                    f"Remedy: check it and the secret in {self._auth.client_secret_env}."
                ) from busy
            raise
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise SourceError(f"{request.url}: gives no access_token. Remedy: check token_path.")
        return token

    def _send(self, request: httpx.Request) -> object:
        """Parsed answer of one request, read in pieces so that no answer can fill the memory."""
        response = self._http.send(request, stream=True)
        try:
            status = response.status_code
            if status in (401, 429) or status >= 500:
                raise Busy(str(request.url), status, _seconds(response.headers.get("Retry-After")))
            if status != 200:
                raise SourceError(
                    f"{request.url}: answers {status}. Remedy: check the paths of the settings."
                )
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._max_bytes:
                    raise SourceError(
                        f"{request.url}: the answer is over {self._max_bytes} bytes. Remedy: lower page_size."
                    )
        finally:
            response.close()
        try:
            return json.loads(body, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{request.url}: is not JSON ({error}). Remedy: check base_url.") from error

    def _wait(self, state: RetryCallState) -> float:
        """Seconds before the next attempt."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Busy):
            if error.status == 401:
                return 0.0
            if error.wait_s is not None:
                return min(error.wait_s, _LONGEST_WAIT_S)
        return min(self._pause_s * 2.0 ** (state.attempt_number - 1), _LONGEST_WAIT_S)


def _seconds(retry_after: str | None) -> float | None:
    """Seconds of a Retry-After header; its date form counts as absent."""
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
