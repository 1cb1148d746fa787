"""The key a session goes with: given for it, found in the environment, left aside, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._catalog.names import ProviderName
from .._client.endpoint import Endpoint
from .._client.probe import free_question, test_key
from .._wire.wires import WireName
from ..errors import NanoBananaError
from .placing import endpoint_for

if TYPE_CHECKING:
    from .where import Clients, Where


class Keyed:
    """What a session knows of its key; keys themselves stay inside endpoints."""

    _where: Where
    _clients: Clients

    @property
    def endpoint(self) -> Endpoint:
        """Where the next edit goes: as given, else as the environment says now, else the sandbox."""
        return self._where.endpoint

    def use_key(
        self,
        key: str,
        *,
        provider: ProviderName | None = None,
        base_url: str | None = None,
        wire: WireName | None = None,
        sure: bool = False,
    ) -> Endpoint:
        """Use ``key`` for this session only, at the place named; no place is guessed from the key.

        Args:
            key: the key; kept in memory only.
            provider: ``"apiyi"``, ``"google"`` or ``"openrouter"``.
            base_url: any other address, or another one of the provider's; plain http only to this machine.
            wire: ``"gemini"`` or ``"openai"``; the provider's best one when None.
            sure: use the key there although its form is another provider's.

        Raises:
            InvalidRequestError: neither provider nor base_url is given, or one can't be used; or the key
                looks like another provider's and ``sure`` is not set.
            AuthenticationError: the key is malformed; it is not printed.
        """
        made = endpoint_for(key, provider=provider, base_url=base_url, wire=wire, sure=sure)
        key = ""  # a verbose traceback prints arguments
        if isinstance(made, NanoBananaError):
            raise made
        self._where.use(made)
        return made

    def forget_key(self) -> Endpoint:
        """Forget a key given for this session, at once; any other is left aside and edits go to the sandbox,
        until :meth:`find_key`. Gives the place of the next edit.
        """
        self._clients.forget(self._where.forget())
        return self.endpoint

    def find_key(self) -> Endpoint:
        """Go where edits go by themselves: to the endpoint given in code, else as the environment says.

        A file, a keyring, and the secrets of Colab and Kaggle are read anew.
        """
        self._where.find()
        return self.endpoint

    @property
    def key_source(self) -> str:
        """Whence the key is: a variable's name, ``"session"``, ``"code"``, or ``""`` where there is none.

        A name that stands elsewhere follows its place: ``"colab:GOOGLE_API_KEY"``, ``"kaggle:…"``,
        ``"keyring:…"``, ``"/path/.env:…"``.
        """
        return self._where.source

    @property
    def key_question(self) -> str:
        """The address whose answer tests the key for nothing; ``""`` where only an edit can prove it."""
        return free_question(self.endpoint)

    def test_key(self) -> Endpoint:
        """Test the key for nothing, by :attr:`key_question`; gives the endpoint that it works at.

        Raises:
            InvalidRequestError: only an edit can prove this key; nothing was sent.
            NanoBananaError: it was refused, or nobody could be asked.
        """
        endpoint = self.endpoint
        test_key(endpoint)
        return endpoint

    @property
    def key_left_aside(self) -> bool:
        """Whether :meth:`find_key` would take up a key again."""
        return self._where.left_aside
