"""A wire: JSON with the pictures in base64. The first half is the client's, the second the sandbox's."""

import base64
import json

from nb_banana import ImageData
from nb_banana.errors import InvalidRequestError
from nb_banana.plugins import Answer, Base64, Body, Call, EditRequest, Refusal, Served

PATH = "/acme/edits"
STATUS = {"auth": 401, "region": 403, "quota": 402, "rate_limit": 429, "model_not_found": 404, "server": 503}


class Form:
    """One request in, pictures out. Answers need no reader: nb_banana knows them by their shape."""

    name = "acme_form"
    title = "ACME's JSON"
    turns = False
    pixels = False
    masks = False
    words = False

    def path(self, request: EditRequest) -> str:
        """Where to post, below the base URL."""
        return PATH

    def encode(self, request: EditRequest, provider: object) -> Body:
        """The body in pieces; pictures become base64 while they are sent."""
        fields = {"prompt": request.prompt, "model": request.model, "ratio": request.aspect_ratio, "size": request.image_size}
        head = json.dumps({name: value for name, value in fields.items() if value})[:-1].encode()
        pieces: list[bytes | Base64] = [head + b', "images": [']
        for number, image in enumerate(request.images):
            pieces += [b', "' if number else b'"', Base64(image), b'"']
        return Body((*pieces, b"]}"))

    def serves(self, path: str) -> bool:
        """Whether a path is one of this wire."""
        return path.endswith(PATH)

    def decode_request(self, call: Call) -> EditRequest:
        """What a request asks for."""
        try:
            asked = json.loads(call.body)
            images = [ImageData.from_bytes(base64.b64decode(one)) for one in asked["images"]]
            return EditRequest(
                asked["prompt"], tuple(images), model=asked["model"], aspect_ratio=asked.get("ratio"), image_size=asked.get("size")
            )
        except (ValueError, KeyError, TypeError) as reason:
            raise InvalidRequestError(f"This is no request of ACME's: {reason}") from None

    def encode_answer(self, answer: Answer, call: Call) -> Served:
        """Pictures as the service sends them."""
        pictures = [{"b64_json": base64.b64encode(image.data).decode()} for image in answer.images]
        return Served(json.dumps({"data": pictures}).encode())

    def encode_error(self, refusal: Refusal) -> Served:
        """An error in the service's own form."""
        told = json.dumps({"error": {"message": refusal.message or refusal.kind}})
        return Served(told.encode(), STATUS.get(refusal.kind, 400))


WIRE = Form()
