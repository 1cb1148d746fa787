"""A third wire as a newcomer would write it: a form of known length, raw picture bytes, and nothing else touched."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

import pytest

from nb_banana._catalog.providers import PROVIDERS, Provider
from nb_banana._images.data import ImageData
from nb_banana._messages import Answer, EditRequest
from nb_banana._wire.base import Call, Refusal, Served
from nb_banana._wire.body import Body, Raw
from nb_banana._wire.wires import WIRES
from nb_banana.errors import InvalidRequestError

BOUNDARY = b"toy-form"


class Toy:
    """Edits as a form with files, new pictures as JSON; answers in base64; errors with a ``detail``."""

    name = "toy"
    title = "a toy"
    turns = False
    pixels = False
    masks = False
    words = False

    def path(self, request: EditRequest) -> str:
        return "/v9/toy/edits" if request.images else "/v9/toy/generations"

    def encode(self, request: EditRequest, provider: Provider) -> Body:
        if not request.images:
            return Body((json.dumps({"prompt": request.prompt, "model": request.model}).encode(),))
        pieces: list[bytes | Raw] = []
        for name, value in (("prompt", request.prompt), ("model", request.model), ("size", request.image_size),
                            ("seed", request.seed)):
            if value is not None:
                pieces.append(self._head(name) + str(value).encode())
        for image in request.images:
            pieces += [self._head("image", "photo", image.mime_type), Raw(image)]
        return Body((*pieces, b"\r\n--%s--\r\n" % BOUNDARY), f"multipart/form-data; boundary={BOUNDARY.decode()}")

    def _head(self, name: str, file: str = "", kind: str = "text/plain") -> bytes:
        named = f'name="{name}"' + (f'; filename="{file}"' if file else "")
        return (
            f"\r\n--{BOUNDARY.decode()}\r\nContent-Disposition: form-data; {named}\r\nContent-Type: {kind}\r\n"
            "Content-Transfer-Encoding: binary\r\n\r\n"
        ).encode()

    def serves(self, path: str) -> bool:
        return bool(re.search(r"/v9/toy/(edits|generations)$", path))

    def decode_request(self, call: Call) -> EditRequest:
        if not call.content_type.startswith("multipart/form-data"):
            try:
                document = json.loads(call.body)
                return EditRequest(document["prompt"], model=document["model"])
            except (ValueError, KeyError) as error:
                raise InvalidRequestError(f"This is neither a form nor JSON: {error}") from None
        form = message_from_bytes(b"Content-Type: " + call.content_type.encode() + b"\r\n\r\n" + call.body)
        parts = form.get_payload()
        if not isinstance(parts, list):
            raise InvalidRequestError("This is no form.")
        fields = {self._name(part): part.get_payload(decode=True) for part in parts if self._name(part) != "image"}
        texts = {name: value.decode() for name, value in fields.items()}
        files = [part.get_payload(decode=True) for part in parts if self._name(part) == "image"]
        return EditRequest(
            texts["prompt"], tuple(map(ImageData.from_bytes, files)), model=texts["model"],
            image_size=texts.get("size"), seed=int(texts["seed"]) if "seed" in texts else None,
        )  # fmt: skip

    def _name(self, part: Message) -> str:
        return str(part.get_param("name", header="content-disposition"))

    def encode_answer(self, answer: Answer, call: Call) -> Served:
        pictures = [{"b64_json": base64.b64encode(image.data).decode()} for image in answer.images]
        return Served(json.dumps({"created": 0, "data": pictures}).encode())

    def encode_error(self, refusal: Refusal) -> Served:
        status = {"auth": 401, "model_not_found": 404, "server": 503}.get(refusal.kind, 400)
        return Served(json.dumps({"detail": refusal.message or f"toy {refusal.kind}"}).encode(), status)


@contextmanager
def toy_wire() -> Iterator[None]:
    """The table with one row more, and the providers that offer it with one name more."""
    row = Toy()
    offered = {
        name: replace(PROVIDERS[name], wires=(*PROVIDERS[name].wires, row.name),
                      sized_wires=(*PROVIDERS[name].sized_wires, row.name))
        for name in ("sandbox", "custom")
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(WIRES, row.name, row)
        for name, provider in offered.items():
            patch.setitem(PROVIDERS._rows, name, provider)
        yield
