"""The contact sheet: `python tests/sandbox/sheet.py OUT.png` paints sixty prompts, to be looked at by people.

With `4K` for the name it measures instead: the CPU seconds of a whole 4K answer for each prompt, least first.

Four photographs and two drawings meet thirty English and thirty Chinese prompts, every kind of edit the
tutorials promise; under each picture stand its prompt, what was done and what was left out. Where no
font at hand has Chinese letters, the captions have question marks for them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nb_banana._images.fonts import font_file, font_for
from nb_banana._sandbox.lettering import broken
from nb_banana._sandbox.paint import paint_all
from nb_banana._sandbox.service import encoded

TILE, CAPTION, COLUMNS, GAP = 256, 90, 6, 14

# prompt, pictures
PROMPTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Turn this daytime photo into a night scene with bokeh in the background", ("astronaut",)),
    ("Apply cinematic color grading with warm tones and stronger contrast", ("rocket",)),
    ("Make this product photo a professional commercial poster with a premium look and perfect lighting", ("coffee",)),
    ("Change the camera angle to a bird's eye view and put the focus on the foreground", ("coffee",)),
    ("Create a professional team photo of these four people in a modern office", ("astronaut", "chelsea", "coffee", "rocket")),
    ("Combine these two logos into one and add a cute animal", ("house", "badge")),
    ("Remove the background and put a sunset landscape behind the subject", ("chelsea",)),
    ("Convert this photo to an anime cartoon style", ("chelsea",)),
    ("Add sunglasses to the person and change the hair color to blue", ("astronaut",)),
    ("Add a cute corgi next to the cup", ("coffee",)),
    ("Remove the flag on the left", ("rocket",)),
    ("Make this blurry photo sharp", ("blurry",)),
    ("Colorize this black and white photo", ("gray",)),
    ("A white background for a shop", ("coffee",)),
    ("Change the background to Mars", ("rocket",)),
    ("Turn this sketch into a photo", ("house",)),
    ("Make him smile", ("astronaut",)),
    ("Change the text \"OLD\" to \"NEW\"", ("badge",)),
    ("Add the text \"SALE 50%\" at the top in red", ("coffee",)),
    ("Turn the photo into a pencil sketch", ("astronaut",)),
    ("Make it a watercolor painting", ("rocket",)),
    ("Pixel art, please", ("chelsea",)),
    ("Blur the background, keep the cat sharp", ("chelsea",)),
    ("Denoise this grainy photo", ("noisy",)),
    ("Add two birds in the sky, remove the tower on the right and make it winter", ("rocket",)),
    ("Extend the picture on all sides", ("coffee",)),
    ("Show the cup from the left", ("coffee",)),
    ("Make it look vintage", ("house",)),
    ("A corgi on a beach at sunset", ()),
    ("something without any meaning zzyzx", ("astronaut",)),
    ("把这张白天的照片变成夜景，背景带虚化光斑", ("rocket",)),
    ("应用电影级色彩分级，暖色调，增强对比度", ("coffee",)),
    ("把这张产品照片做成专业的商业海报，要有高端质感和完美照明", ("badge",)),
    ("把拍摄角度改成鸟瞰，焦点对准前景", ("rocket",)),
    ("用这四张人物照片合成一张专业的团队照片，背景是现代办公室", ("astronaut", "chelsea", "coffee", "rocket")),
    ("把这两个标志合成一个，并加上一只可爱的动物", ("badge", "house")),
    ("去掉背景，换成日落风景", ("astronaut",)),
    ("把这张照片转换成动漫卡通风格", ("coffee",)),
    ("给人物戴上墨镜，并把头发改成蓝色", ("astronaut",)),
    ("在杯子旁边添加一只可爱的柯基", ("coffee",)),
    ("去掉右边的旗子", ("astronaut",)),
    ("把这张模糊的照片变清晰", ("blurry",)),
    ("给这张黑白照片上色", ("gray",)),
    ("把背景换成白色背景", ("chelsea",)),
    ("去掉背景，变成透明底，然后加上日落背景", ("coffee",)),
    ("把狗变成猫", ("chelsea",)),
    ("让天空乌云密布", ("rocket",)),
    ("把文字“旧”改成“新”", ("badge",)),
    ("在顶部写上黄色的“新年快乐”", ("house",)),
    ("转换成黑白照片", ("chelsea",)),
    ("转换成油画", ("chelsea",)),
    ("换成冷色调", ("coffee",)),
    ("调亮一点，色彩鲜艳", ("astronaut",)),
    ("给这张有噪点的照片降噪", ("noisy",)),
    ("添加飘雪，不要改变人物", ("astronaut",)),
    ("水平翻转", ("astronaut",)),
    ("放大猫的脸，特写", ("chelsea",)),
    ("仰拍视角", ("rocket",)),
    ("一只柯基在下雨的夜晚城市", ()),
    ("只把沙发改成棕色皮革，其余部分（包括天空和猫）完全保持不变。", ("house",)),
)


def pictures() -> dict[str, Image.Image]:
    """Four photographs (with three spoilt copies to be repaired) and two drawings."""
    from skimage import data

    found = {name: Image.fromarray(getattr(data, name)()) for name in ("chelsea", "astronaut", "coffee", "rocket")}
    small = found["coffee"].resize((120, 80))
    found["blurry"] = small.resize(found["coffee"].size, Image.Resampling.BICUBIC)
    found["gray"] = found["rocket"].convert("L").convert("RGB")
    noise = Image.effect_noise(found["chelsea"].size, 70).convert("RGB")
    found["noisy"] = Image.blend(found["chelsea"], noise, 0.3)
    house = Image.new("RGB", (600, 450), (250, 249, 245))
    pen = ImageDraw.Draw(house)
    pen.line((0, 380, 600, 380), fill=(60, 60, 60), width=4)
    pen.rectangle((170, 190, 430, 380), outline=(60, 60, 60), width=5)
    pen.polygon(((150, 190), (300, 80), (450, 190)), outline=(60, 60, 60), width=5)
    pen.rectangle((270, 280, 330, 380), outline=(60, 60, 60), width=5)
    badge = Image.new("RGB", (500, 500), (24, 74, 120))
    pen = ImageDraw.Draw(badge)
    pen.ellipse((90, 90, 410, 410), fill=(245, 200, 66))
    pen.polygon(((250, 140), (350, 340), (150, 340)), fill=(200, 60, 50))
    return found | {"house": house, "badge": badge}


def shape(inputs: tuple[Image.Image, ...]) -> tuple[int, int]:
    """A tile's picture: the last input's shape, a 4:3 page for several or none."""
    if len(inputs) != 1:
        return (1024, 768)
    w, h = inputs[0].size
    return (1024, round(1024 * h / w)) if w >= h else (round(1024 * w / h), 1024)


def caption(prompt: str, done: tuple[str, ...], left_out: tuple[str, ...]) -> Image.Image:
    """The prompt, what was done and what was left out, in lines that fit a tile."""
    strip = Image.new("RGB", (TILE, CAPTION), "white")
    draw = ImageDraw.Draw(strip)
    y = 2
    for text, ink in ((prompt, "black"), ("done: " + (", ".join(done) or "-"), (20, 110, 50)),
                      ("left out: " + ("; ".join(left_out) or "-"), (160, 60, 20))):
        shown = text if font_for(text, 11) else text.encode("ascii", "replace").decode()
        font = font_for(shown, 11)
        for line in broken(shown, font, TILE - 4)[:3]:
            draw.text((2, y), "".join(line), font=font, fill=ink)
            y += 13
    return strip


def sheet() -> Image.Image:
    """All prompts as tiles."""
    known, tiles = pictures(), []
    for prompt, names in PROMPTS:
        inputs = tuple(known[name] for name in names)
        painting = paint_all(prompt, inputs, shape(inputs))
        tile = Image.new("RGB", (TILE, TILE + CAPTION), "white")
        small = painting.image.copy()
        small.thumbnail((TILE, TILE), Image.Resampling.LANCZOS)
        tile.paste(small, ((TILE - small.width) // 2, TILE - small.height))
        tile.paste(caption(prompt, painting.done, painting.left_out), (0, TILE))
        tiles.append(tile)
    rows = -(-len(tiles) // COLUMNS)
    page = Image.new("RGB", (COLUMNS * (TILE + GAP) + GAP, rows * (TILE + CAPTION + GAP) + GAP), (225, 228, 232))
    for number, tile in enumerate(tiles):
        row, column = divmod(number, COLUMNS)
        page.paste(tile, (GAP + column * (TILE + GAP), GAP + row * (TILE + CAPTION + GAP)))
    return page


def seconds() -> list[tuple[float, str]]:
    """CPU seconds of a 4096×4096 answer, its PNG included, from a grainy 12-megapixel photo: noise packs worst."""
    photo, spent = Image.effect_noise((4000, 3000), 60).convert("RGB"), []
    for prompt, names in PROMPTS:
        began = time.process_time()
        encoded(paint_all(prompt, [photo] * len(names), (4096, 4096)).image)
        spent.append((time.process_time() - began, prompt))
    return sorted(spent)


if __name__ == "__main__":
    if sys.argv[1:] == ["4K"]:
        for spent, prompt in seconds():
            print(f"{spent:5.2f} s  {prompt}")
        sys.exit()
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "sheet.png")
    sheet().save(out)
    print(f"{len(PROMPTS)} prompts; Chinese letters: {font_file(cjk=True) is not None}")
