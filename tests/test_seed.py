"""The programs of the document this project began with run against the sandbox, changed in address and key alone."""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from PIL import Image

from nb_banana._sandbox.server import serve

PROGRAMS = Path(__file__).parent / "data" / "seed"
ADDRESS, KEY = "https://api.apiyi.com", re.compile(r'^(API_KEY ?= ?)"sk-[^"]*"', re.M)
PHOTOS = ("input.png", "person1.png", "person2.png", "person3.png", "person4.png", "background.png", "dog.png", "product.png", "photo.jpg")
TOOLS = {
    # As on macOS: one line, whatever its length.
    "base64": """
import base64, sys
if "--decode" in sys.argv:
    sys.stdout.buffer.write(base64.b64decode(sys.stdin.buffer.read()))
else:
    print(base64.b64encode(open(sys.argv[2], "rb").read()).decode())
""",
    # Where the machine has none: what `jq -r .a[0].b` does.
    "jq": """
import json, re, sys
value = json.load(sys.stdin)
for name in re.findall(r"\\w+", sys.argv[2]):
    value = value[int(name) if name.isdigit() else name]
print(value)
""",
}


@pytest.fixture
def place(clean_place, draw_photo):
    """A folder with the pictures the programs name, and the tools a shell needs."""
    for number, name in enumerate(PHOTOS):
        draw_photo((320, 240), ("skyblue", "salmon", "khaki")[number % 3]).save(clean_place / name)
    tools = clean_place / "tools"
    tools.mkdir()
    for name, text in TOOLS.items():
        if name == "jq" and shutil.which("jq"):
            continue
        (tools / name).write_text(f"#!{sys.executable}\n{text}")
        (tools / name).chmod(0o755)
    return clean_place


def run(place, name, url, **changes):
    """Run a program as it stands but for address and key, and `changes` that its reader is told to make."""
    text = (PROGRAMS / name).read_text(encoding="utf-8")
    text, keys = KEY.subn(r'\1"sk-of-the-reader"', text)
    assert ADDRESS in text and keys == 1
    for old, new in {ADDRESS: url, **changes}.items():
        text = text.replace(old, new)
    (place / name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "PATH": f"{place / 'tools'}{os.pathsep}{os.environ['PATH']}", "PYTHONIOENCODING": "utf-8", "NO_PROXY": "*"}
    return subprocess.run([sys.executable if name.endswith(".py") else "bash", name], cwd=place, env=environment, check=False,
                          capture_output=True, text=True, encoding="utf-8", timeout=300)  # fmt: skip


def made(place, pattern):
    """The one picture a program wrote: its name, what its bytes are, its pixels."""
    (path,) = (path for path in place.glob("*.png") if re.fullmatch(pattern, path.name))
    with Image.open(path) as picture:
        picture.load()
        return path.name, picture.format, picture.size


@pytest.mark.parametrize(("name", "pattern", "size", "said"), [
    ("simplest.py", r"output\.png", (2752, 1536), r""),
    ("several.py", r"edited_\d+_\d+\.png", (2752, 1536),
     r"📤 正在读取 3 张图片...\n✅ person1.png \(image/png\)\n✅ person2.png \(image/png\)\n✅ background.png \(image/png\)\n"
     r"\n⏳ 正在处理,预计 5 分钟...\n⏱️ 实际用时: [\d.]+ 秒\n✅ 编辑成功!已保存至: edited_\d+_\d+\.png\n"),
    ("pro_2k.py", r"edited_output\.png", (2752, 1536), r"✅ 图片已保存: edited_output\.png\n"),
    ("poster.py", r"poster_4k\.png", (3584, 4800), r""),
    ("team.py", r"team_photo\.png", (2752, 1536), r""),
    ("flash_1k.sh", r"edited_\d+_\d+\.png", (1344, 768), r"✅ 图片已保存: edited_\d+_\d+\.png\n"),
    ("pro_4k.sh", r"edited_4k\.png", (5504, 3072), r"✅ 4K 图片已保存: edited_4k\.png\n"),
])  # fmt: skip
def test_a_native_program_gets_its_picture(place, name, pattern, size, said):
    """Every complete program of the native form writes the picture it asks for, a real PNG, and says what it says."""
    with serve() as server:
        done = run(place, name, server.url)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(said, done.stdout), done.stdout
    assert made(place, pattern)[1:] == ("PNG", size)


def test_the_chat_program_is_told_what_to_send(place):
    """With links for pictures it ends as it would at API易, and the refusal says what goes there; with that, it works."""
    text = (PROGRAMS / "chat.py").read_text(encoding="utf-8")
    links = re.findall(r'"url": "(https://[^"]+)"', text)
    assert len(links) == 2
    with serve() as server:
        refused = run(place, "chat.py", server.url)
        why = requests.post(f"{server.url}/v1/chat/completions", timeout=60, proxies={"http": ""}, json={
            "model": "gemini-2.5-flash-image",
            "messages": [{"role": "user", "content": [
                {"type": "text", "text": "Combine"}, {"type": "image_url", "image_url": {"url": links[0]}},
            ]}],
        })  # fmt: skip
        data = {link: "data:image/png;base64," + base64.b64encode((place / name).read_bytes()).decode()
                for link, name in zip(links, PHOTOS, strict=False)}  # fmt: skip
        done = run(place, "chat.py", server.url, **data)
    assert "❌ 错误: API请求失败: 400" in refused.stdout and "❌ 编辑任务执行失败!" in refused.stdout
    assert why.status_code == 400 and links[0][:60] in why.text and "data:image/" in why.text
    name, kind, size = made(place, r"edited_image_\d+_\d+\.png")
    assert (kind, size) == ("PNG", (1184, 864))
    for line in ("🖼️ 输入图片数量: 2", "✅ API请求成功", "✅ 找到标准格式的Base64数据", f"📁 文件保存为: {name}",
                 f"📊 文件大小: {(place / name).stat().st_size:,} 字节", "🎉 编辑任务执行成功!"):  # fmt: skip
        assert line in done.stdout, done.stdout
    assert done.stdout.index("🕐 开始时间") < done.stdout.index("🕐 结束时间")
