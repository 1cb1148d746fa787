"""Provenance goes into the file's own metadata and never into its pixels."""

from __future__ import annotations

import io
import json
import struct
import zlib
from xml.sax.saxutils import escape as xml_escape

import pytest
from PIL import Image, ImageDraw

import nb_banana as nb
from nb_banana import _provenance
from nb_banana._images.data import ImageData

FACTS = {"tool": "nb_banana", "version": "1", "prompt": 'a "night" <sky> & 夜空\n第二行', "parents": ["ab" * 32]}


def picture(kind: str, **options: object) -> ImageData:
    """A small real picture of a kind."""
    drawn = Image.effect_noise((70, 51), 60).convert("RGB")
    ImageDraw.Draw(drawn).ellipse((10, 10, 50, 40), fill=(200, 40, 10))
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return ImageData.from_bytes(out.getvalue())


@pytest.mark.parametrize(("kind", "options"), [
    ("PNG", {}), ("JPEG", {"quality": 90}), ("JPEG", {"progressive": True}), ("WEBP", {}), ("WEBP", {"lossless": True}),
])
def test_embeds_and_reads_back_without_touching_pixels(kind, options):
    """What is embedded comes back whole, and every pixel decodes to the same value."""
    before = picture(kind, **options)
    data, why_not = _provenance.embed(before, FACTS)
    after = ImageData.from_bytes(data)
    assert why_not == ""
    assert _provenance.read(after) == FACTS
    assert after.to_pil().convert("RGB").tobytes() == before.to_pil().convert("RGB").tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_embedding_twice_leaves_one_record(kind):
    """A second provenance replaces the first instead of standing beside it."""
    once, _ = _provenance.embed(picture(kind), FACTS)
    twice, _ = _provenance.embed(ImageData.from_bytes(once), {**FACTS, "prompt": "second"})
    assert _provenance.read(ImageData.from_bytes(twice))["prompt"] == "second"
    assert twice.count(b'"tool": "nb_banana"') + twice.count(b"&quot;tool&quot;: &quot;nb_banana&quot;") == 1


def signed_png() -> ImageData:
    """A PNG with a C2PA chunk."""
    data = picture("PNG").data
    body = b"caBX" + b"manifest"
    chunk = struct.pack(">I", 8) + body + struct.pack(">I", zlib.crc32(body))
    return ImageData.from_bytes(data[:-12] + chunk + data[-12:])


def test_a_signed_picture_keeps_its_bytes_and_gets_a_sidecar(tmp_path):
    """Bytes under a C2PA signature are left alone; the facts and the reason lie beside them."""
    image = signed_png()
    written = _provenance.save(image, FACTS, tmp_path / "a.png")
    assert written.read_bytes() == image.data
    beside = json.loads((tmp_path / "a.png.json").read_text(encoding="utf-8"))
    assert "C2PA" in beside["sidecar_because"]
    assert nb.read_provenance(written)["prompt"] == FACTS["prompt"]


def test_a_prompt_too_long_for_jpeg_goes_beside_it(tmp_path):
    """A JPEG segment holds 64 KB; a longer prompt is not cut but written beside the picture."""
    written = _provenance.save(picture("JPEG"), {**FACTS, "prompt": "x" * 70_000}, tmp_path / "a.jpg")
    assert len(nb.read_provenance(written)["prompt"]) == 70_000


def test_what_lies_beside_speaks_of_one_picture_alone(tmp_path):
    """Another picture saved or copied under the name of one with a sidecar has no provenance, rather than that one's."""
    path = _provenance.save(signed_png(), FACTS, tmp_path / "out.png")
    picture("PNG").save(path)
    with pytest.raises(nb.NanoBananaError, match="no provenance"):
        nb.read_provenance(path)
    other = signed_png()
    assert nb.read_provenance(_provenance.save(other, {**FACTS, "prompt": "second"}, path))["prompt"] == "second"


@pytest.mark.parametrize("name", ["~/a.gif", "'{path}'", " {path}\n"])
def test_a_name_means_the_same_file_for_the_picture_and_what_lies_beside_it(tmp_path, monkeypatch, name):
    """A home folder's sign, quotes and blanks around a path are read as `nb.edit` reads them."""
    monkeypatch.setenv("HOME", str(tmp_path))
    path = _provenance.save(picture("GIF"), FACTS, tmp_path / "a.gif")
    assert nb.read_provenance(name.format(path=path))["prompt"] == FACTS["prompt"]


def test_a_file_of_somebodys_is_not_replaced_by_provenance(tmp_path):
    """Where a JSON of one's own lies beside the picture it stays, and the error says what was saved; our own is renewed."""
    labels = tmp_path / "a.gif.json"
    labels.write_text('{"my": "labels"}', encoding="utf-8")
    with pytest.raises(nb.errors.InvalidRequestError, match=r"saved as .*a\.gif, .*a\.gif\.json"):
        _provenance.save(picture("GIF"), FACTS, tmp_path / "a.gif")
    assert labels.read_text(encoding="utf-8") == '{"my": "labels"}' and (tmp_path / "a.gif").is_file()
    labels.unlink()
    for prompt in ("first", "second"):
        path = _provenance.save(picture("GIF"), {**FACTS, "prompt": prompt}, tmp_path / "a.gif")
    assert nb.read_provenance(path)["prompt"] == "second"


def test_a_picture_without_provenance_says_so(tmp_path):
    """Reading a foreign picture is a clear error that names it."""
    path = picture("PNG").save(tmp_path / "foreign.png")
    with pytest.raises(nb.NanoBananaError, match=r"foreign\.png"):
        nb.read_provenance(path)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("rewritten", [
    "<q:xmpmeta xmlns:q='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<r:Description xmlns:b='urn:nb_banana:provenance' b:provenance={single}/></r:RDF></q:xmpmeta>",
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description xmlns:b='urn:nb_banana:provenance'>"
    "<b:provenance>{text}</b:provenance></rdf:Description></rdf:RDF>",
])
def test_what_another_program_wrote_anew_is_still_read(kind, rewritten):
    """Programs that keep XMP choose their own quotes, prefixes and form; the facts are found by their name, not their spelling."""
    text = xml_escape(json.dumps(FACTS))
    packet = rewritten.format(text=text, single="'" + text.replace("'", "&#39;") + "'")
    assert _provenance.read(picture(kind, xmp=packet.encode())) == FACTS


@pytest.mark.parametrize("packet", [
    "nb_banana:provenance=\"{facts}\"",
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><a xmlns:nb_banana='urn:someone-else' nb_banana:provenance=\"{facts}\"/></x:xmpmeta>",
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><a xmlns:b='urn:nb_banana:provenance' b:provenance=\"{facts}\"></x:xmpmeta>",
    "<!DOCTYPE x [<!ENTITY a '{facts}'>]><xmpmeta xmlns:b='urn:nb_banana:provenance'><b:provenance>&a;</b:provenance></xmpmeta>",
    "<x:xmpmeta" + "<a>" * 40_000,
])
def test_what_only_looks_like_ours_is_not_taken_for_it(packet):
    """Loose text, another's namespace, broken XML and entities say nothing about a picture."""
    forged = packet.replace("{facts}", xml_escape(json.dumps(FACTS), {'"': "&quot;"}))
    with pytest.raises(nb.NanoBananaError, match="provenance"):
        _provenance.read(picture("WEBP", xmp=forged.encode()))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_prompt_of_characters_no_xml_holds_comes_back_whole(kind, tmp_path):
    """A lone surrogate or a non-character in a prompt neither breaks saving nor reading."""
    facts = {**FACTS, "prompt": "a\ud83d b\ufffe c\uffff d\x01 e\U0001f34c"}
    data, why_not = _provenance.embed(picture(kind), facts)
    assert why_not == "" and _provenance.read(ImageData.from_bytes(data)) == facts
    beside = _provenance.read(_provenance.save(picture("GIF"), facts, tmp_path / "a.gif"))
    assert beside["prompt"] == facts["prompt"]
