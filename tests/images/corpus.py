"""Some ninety odd and hostile files, drawn or built here: `good` ones must be readable, `bad` ones refused."""

from __future__ import annotations

import io
import os
import socket
import struct
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin
from pillow_heif import register_heif_opener

register_heif_opener()

W, H = 60, 40
SECRET = b"Taken at 51.5007N 0.1246W by Alice"


def scene(size: tuple[int, int] = (W, H), mode: str = "RGB") -> Image.Image:
    """A picture whose four corners differ, so that every turn shows."""
    width, height = size
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 3, height // 3), fill="red")
    draw.rectangle((width - width // 3, 0, width, height // 3), fill="lime")
    draw.rectangle((0, height - height // 3, width // 3, height), fill="blue")
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").rotate(90).resize(size))
        return picture
    return picture.convert(mode)


def file_bytes(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(turn: int | None = None) -> Image.Exif:
    """EXIF with a camera owner and, perhaps, an orientation."""
    tags = Image.Exif()
    tags[0x010E] = SECRET.decode()
    if turn:
        tags[0x0112] = turn
    return tags


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *extra: bytes, pixels: bytes | None = None, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG from its chunks; the pixels are black unless given."""
    row = 1 + (width * depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] + 7) // 8
    packed = zlib.compress(bytes(row * height)) if pixels is None else pixels
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


def _inflating(size: int) -> bytes:
    """So many MB of zeros, packed: one packed MB again and again, with the checksum of them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + block * size + packer.flush() + struct.pack(">I", (size * 2**20 % 65521) << 16 | 1)


@cache
def srgb() -> bytes:
    """One profile for all, for each new one bears the second it was made in."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def moving(kind: str, **options: Any) -> bytes:
    """Three frames in one file."""
    return file_bytes(scene(), kind, save_all=True, append_images=[scene().rotate(180), scene().rotate(90)], **options)


def good() -> dict[str, bytes]:
    """Name → bytes of files that a person may well have, and that must be read."""
    plain, clear = scene(), scene(mode="RGBA")
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)

    files = {
        "plain.png": file_bytes(plain, "PNG"),
        "clear.png": file_bytes(clear, "PNG"),
        "palette.png": file_bytes(plain.quantize(32), "PNG"),
        "palette-clear.png": file_bytes(clear.quantize(32), "PNG"),
        "one-bit.png": file_bytes(plain.convert("1"), "PNG"),
        "grey.png": file_bytes(plain.convert("L"), "PNG"),
        "grey-alpha.png": file_bytes(clear.convert("LA"), "PNG"),
        "grey-transparent.png": file_bytes(plain.convert("L"), "PNG", transparency=plain.convert("L").getpixel((0, 0))),
        "rgb-transparent.png": file_bytes(plain, "PNG", transparency=(255, 0, 0)),
        "16-bit-grey.png": file_bytes(plain.convert("I;16"), "PNG"),
        "16-bit-rgb.png": png(W, H, depth=16),
        "interlaced.png": png(W, H)[:28] + png(W, H)[28:],
        "text.png": file_bytes(plain, "PNG", pnginfo=text),
        "exif.png": file_bytes(plain, "PNG", exif=exif()),
        "profile.png": file_bytes(plain, "PNG", icc_profile=srgb()),
        "private-chunk.png": png(W, H, png_chunk(b"prVt", SECRET)),
        "trailing.png": file_bytes(plain, "PNG") + SECRET * 9,
        "animated.png": moving("PNG"),
        "one-pixel.png": png(1, 1),
        "thin.png": png(4000, 1),
        "many-chunks.png": png(W, H, *[png_chunk(b"tEXt", b"k\0v")] * 20_000),
        "plain.jpg": file_bytes(plain, "JPEG"),
        "progressive.jpg": file_bytes(plain, "JPEG", progressive=True),
        "grey.jpg": file_bytes(plain.convert("L"), "JPEG"),
        "cmyk.jpg": file_bytes(plain.convert("CMYK"), "JPEG"),
        "no-subsampling.jpg": file_bytes(plain, "JPEG", subsampling=0, quality=100),
        "restarts.jpg": file_bytes(plain, "JPEG", restart_marker_blocks=1),
        "comment.jpg": file_bytes(plain, "JPEG", comment=SECRET),
        "exif.jpg": file_bytes(plain, "JPEG", exif=exif()),
        "profile.jpg": file_bytes(plain, "JPEG", icc_profile=srgb(), exif=exif()),
        "xmp.jpg": file_bytes(plain, "JPEG", xmp=SECRET),
        "trailing.jpg": file_bytes(plain, "JPEG") + SECRET * 9,
        "padded.jpg": b"\xff\xd8\xff\xff" + file_bytes(plain, "JPEG")[2:],
        "stray.jpg": file_bytes(plain, "JPEG").replace(b"\xff\xdb", b"stray\xff\xdb", 1),
        "stereo.jpg": moving("MPO"),
        "lossy.webp": file_bytes(plain, "WEBP"),
        "lossless.webp": file_bytes(plain, "WEBP", lossless=True),
        "clear.webp": file_bytes(clear, "WEBP"),
        "exif.webp": file_bytes(plain, "WEBP", exif=exif(), xmp=SECRET, icc_profile=srgb()),
        "animated.webp": moving("WEBP"),
        "trailing.webp": file_bytes(plain, "WEBP") + SECRET * 9,
        "plain.gif": file_bytes(plain, "GIF"),
        "clear.gif": file_bytes(plain.quantize(32), "GIF", transparency=plain.quantize(32).getpixel((0, 0))),
        "animated.gif": moving("GIF", comment=SECRET),
        "trailing.gif": file_bytes(plain, "GIF") + SECRET,
        "plain.bmp": file_bytes(plain, "BMP"),
        "palette.bmp": file_bytes(plain.quantize(16), "BMP"),
        "plain.tif": file_bytes(plain, "TIFF"),
        "packed.tif": file_bytes(plain, "TIFF", compression="tiff_lzw"),
        "cmyk.tif": file_bytes(plain.convert("CMYK"), "TIFF"),
        "float.tif": file_bytes(plain.convert("F"), "TIFF"),
        "deep.tif": file_bytes(plain.convert("I;16"), "TIFF"),
        "pages.tif": moving("TIFF"),
        "plain.avif": file_bytes(plain, "AVIF"),
        "clear.avif": file_bytes(clear, "AVIF"),
        "plain.heic": file_bytes(plain, "HEIF"),
        "exif.heic": file_bytes(plain, "HEIF", exif=exif().tobytes(), xmp=SECRET),
        "trailing.heic": file_bytes(plain, "HEIF") + struct.pack(">I4s", 8 + len(SECRET), b"mpvd") + SECRET,
        "really-a.jpg": file_bytes(plain, "PNG"),
        "no-suffix": file_bytes(plain, "JPEG"),
        "wrong.txt": file_bytes(plain, "WEBP"),
        "照片 – été 🍌.png": file_bytes(plain, "PNG"),
        "<img src=x onerror=alert(1)>.png": file_bytes(plain, "PNG"),
        "line\nbreak\x1b[31m\u202egnp.png": file_bytes(plain, "PNG"),
        "big.png": png(5000, 3000),
        "big.jpg": file_bytes(scene((5000, 3000)), "JPEG"),
    }
    files |= {f"turned-{n}.jpg": file_bytes(plain, "JPEG", exif=exif(n), quality=95, subsampling=0) for n in range(2, 9)}
    files |= {f"turned-{n}.{kind}": file_bytes(plain, kind.upper(), exif=exif(n)) for n in (3, 6) for kind in ("png", "webp")}
    files["turned-6.avif"] = file_bytes(plain, "AVIF", exif=exif(6))
    files["turned-6.heic"] = file_bytes(plain, "HEIF", exif=exif(6).tobytes())
    files["turned-6.tif"] = file_bytes(plain, "TIFF", exif=exif(6))
    return files


def bad() -> dict[str, bytes]:
    """Name → bytes of files that must be refused in one sentence."""
    noisy = scene().resize((300, 200))
    whole = {kind: file_bytes(noisy, kind.upper()) for kind in ("png", "jpeg", "webp", "gif", "bmp", "tiff", "avif", "heif")}
    files = {f"cut-{part}.{kind}": data[: len(data) * part // 100] for kind, data in whole.items() for part in (5, 50, 95)}
    files |= {f"one-byte-short.{kind}": whole[kind][:-1] for kind in ("png", "jpeg", "gif", "bmp")}
    packed = _inflating(300)
    files |= {
        "empty.png": b"",
        "zeros.png": bytes(5000),
        "only-magic.png": b"\x89PNG\r\n\x1a\n",
        "only-magic.jpg": b"\xff\xd8\xff",
        "only-magic.webp": b"RIFF\x04\0\0\0WEBP",
        "only-magic.gif": b"GIF89a",
        "only-magic.heic": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1",
        "no-pixels.png": png(W, H)[:33] + png_chunk(b"IEND", b""),
        "no-width.png": png(0, 5),
        "no-height.png": png(5, 0),
        "negative.png": png(W, H)[:16] + b"\xff\xff\xff\xff" + png(W, H)[20:],
        "broken-header.png": png(W, H)[:17] + b"\1" + png(W, H)[18:],
        "apple.png": png(W, H, png_chunk(b"CgBI", b"\0\0\0\0")),
        "chunk-past-end.png": png(W, H)[:33] + b"\x7f\xff\xff\xffIDAT" + bytes(100),
        "no-size.gif": b"GIF89a\0\0\0\0\0\0\0;",
        "no-size.jpg": file_bytes(noisy, "JPEG").replace(struct.pack(">HH", 200, 300), bytes(4), 1),
        "pixel-bomb.png": png(40_000, 40_000, pixels=packed[:300_000]),
        "thin-bomb.png": png(9000, 9000, pixels=packed[:9000]),
        "pixel-bomb.gif": b"GIF89a\xff\xff\xff\xff\0\0\0" + whole["gif"][13:],
        "pixel-bomb.webp": b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff" + bytes(8),
        "pixel-bomb.bmp": whole["bmp"][:18] + struct.pack("<ii", 2**30, 2**30) + whole["bmp"][26:],
        "text-bomb.png": png(W, H, png_chunk(b"zTXt", b"Comment\0\0" + packed)),
        "itxt-bomb.png": png(W, H, png_chunk(b"iTXt", b"Comment\0\1\0en\0word\0" + packed)),
        "profile-bomb.png": png(W, H, png_chunk(b"iCCP", b"icc\0\0" + packed)),
        "many-text-bombs.png": png(W, H, *[png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(10**6)))] * 60),
        "drawing.png": b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg' width='5' height='5'/>",
        "page.png": b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
        "paper.jpg": b"%PDF-1.7\n" + bytes(999),
        "archive.png": b"PK\x03\x04" + bytes(999),
        "film.heic": b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + bytes(999),
        "layers.psd": b"8BPS\0\1" + bytes(999),
        "answer.png": b'{"error": {"code": 404}}',
        "words.png": b"this is not a picture at all",
        "script.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "random.jpg": b"\xff\xd8\xff" + bytes(range(256)) * 40,
    }
    return files


def lay_out(folder: Path, files: dict[str, bytes]) -> list[Path]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def traps(folder: Path) -> list[Path]:
    """Paths that are not plain files, or are plain files in name only."""
    os.mkfifo(folder / "pipe.png")
    (folder / "folder.png").mkdir()
    (folder / "to-pipe.png").symlink_to(folder / "pipe.png")
    (folder / "to-nothing.png").symlink_to(folder / "nothing.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (folder / "zero.png").symlink_to("/dev/zero")
    with (folder / "giant.png").open("wb") as file:
        file.write(png(W, H))
        file.truncate(2**40)
    with (folder / "holes.png").open("wb") as file:
        file.write(png(W, H)[:40])
        file.truncate(70 * 2**20)
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(folder)  # A socket's path must be short.
    listener.bind("socket.png")
    os.chdir(here)
    listener.close()
    names = ("pipe", "folder", "to-pipe", "to-nothing", "loop", "zero", "giant", "holes", "socket", "nothing")
    special = [Path("/dev/zero"), Path("/dev/tty"), Path("/dev/stdin"), Path("/proc/self/mem"), Path("/proc/kcore")]
    return [*(folder / f"{name}.png" for name in names), *special, folder / ("long" * 100), folder / "pipe.png" / "x.png"]
