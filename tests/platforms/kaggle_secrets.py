"""Stands in for Kaggle's module: it asks the service at `KAGGLE_URL_BASE` over HTTP and fails as the real one does."""

from __future__ import annotations

import json
import os
import urllib.request
from urllib.error import URLError


class CredentialError(Exception):
    """There is no token, or it was refused."""


class BackendError(Exception):
    """The service answered with no secret."""


class UserSecretsClient:
    """Asks for a secret by its label."""

    def __init__(self) -> None:
        self.token = os.getenv("KAGGLE_USER_SECRETS_TOKEN")
        if self.token is None:
            raise CredentialError("A JWT Token is required to use the UserSecretsClient")

    def get_secret(self, label: str) -> str:
        """The secret that is attached to this notebook under a label."""
        url = f"{os.environ['KAGGLE_URL_BASE']}/requests/GetUserSecretByLabelRequest"
        body = json.dumps({"Label": label, "JWE": self.token}).encode()
        request = urllib.request.Request(url, body, {"Content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=40) as response:
                answer = json.loads(response.read())
        except URLError as problem:
            raise ConnectionError("Connection error trying to communicate with service.") from problem
        if not answer.get("wasSuccessful"):
            raise BackendError(f"Unexpected response from the service. Response: {answer}.")
        return answer["result"]["secret"]
