"""`nb-banana` as people start it: each command a process, most of them forked from one that has loaded the package."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import prefork
import pytest
from PIL import Image

from nb_banana import __version__
from nb_banana._cli import main
from nb_banana._cli.lab import CHECKOUT_NOTEBOOKS, copy_notebooks

ROOT = Path(__file__).resolve().parent.parent


def banana(*words, **variables):
    """Run `nb-banana` in the working directory; gives its words as text."""
    done = prefork.banana(*words, env={**os.environ, "PYTHONPATH": str(ROOT), **variables})
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def started(*words, **variables):
    """The same in a Python of its own, from its very start."""
    return subprocess.run(
        [sys.executable, "-m", "nb_banana", *words], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables}, encoding="utf-8",
    )


def start(*words, **variables):
    """Start `nb-banana` and leave it running."""
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "nb_banana", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables},
    )


def size_of(path):
    with Image.open(path) as image:
        return image.size


def test_the_main_job_in_a_terminal(photo):
    """A photo, an instruction, a ratio, a size, an output name: the file is there with exactly those pixels."""
    done = started("edit", "cat.png", "Make it night", "-r", "16:9", "-s", "2K", "-o", "out.png")
    assert done.returncode == 0, done.stderr
    assert size_of("out.png") == (2752, 1536)
    assert re.search(r"Saved .*out\.png \(2752×1536, ", done.stdout)
    assert "sandbox" in done.stderr.lower()


def test_running_it_again_is_free_and_says_so(photo):
    """The second run is answered from the history folder, byte for byte."""
    banana("edit", "cat.png", "Make it night", "-s", "1K", "-o", "one.png")
    again = banana("edit", "cat.png", "Make it night", "-s", "1K", "-o", "two.png")
    assert "from the history, no cost" in again.stdout
    assert Path("one.png").read_bytes() == Path("two.png").read_bytes()


def test_takes_become_numbered_files(photo):
    """Two takes of one instruction are saved side by side."""
    done = banana("edit", "cat.png", "Make it night", "-s", "1K", "-n", "2", "-o", "out.png")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in Path().glob("out*.png")) == ["out-1.png", "out-2.png"]


def test_several_photos_and_generation(photo, draw_photo):
    """Everything before the prompt is a photo; `generate` takes none."""
    draw_photo(background="salmon").save("dog.png")
    done = banana("edit", "cat.png", "dog.png", "Combine them", "-r", "1:1", "-s", "1K", "-o", "both.png")
    assert (done.returncode, size_of("both.png")) == (0, (1024, 1024))
    done = banana("generate", "A banana on a desk", "-r", "3:4", "-s", "1K", "-o", "banana.png")
    assert (done.returncode, size_of("banana.png")) == (0, (896, 1200))


@pytest.mark.parametrize(
    "words, code, sentence",
    [
        (("edit", "nope.png", "Make it night"), 2, "nope.png"),
        (("edit", "cat.png", "cat.png"), 2, "the prompt is missing"),
        (("edit", "cat.png", "Make it night", "-s", "8K"), 2, "8K"),
        (("edit", "cat.png", "Make it night", "-r", "7:5"), 2, "7:5"),
        (("edit", "cat.png"), 2, "the prompt is missing"),
        (("edit", "Make it night"), 2, "Error: PHOTO is missing."),
        (("edit", "cat.png", "Make", "it", "night"), 2, 'in quotes: nb-banana edit cat.png "Make it night"'),
        (("edit", "cat.png", "--rato", "16:9", "Make it night"), 2, "Did you mean --ratio?"),
        (("edt",), 2, "Did you mean edit?"),
        (("models", "--provider", "foo"), 2, "There is no provider 'foo'; choose one of apiyi, google"),
        (("estimate", "--provider", "foo"), 2, "There is no provider 'foo'"),
        (("estimate", "-s", "2048"), 2, "Did you mean '2K'?"),
        (("history",), 1, "There is no history in"),
        (("estimate", "-m", "no-such-model"), 2, "no-such-model"),
    ],
)
def test_a_failure_is_one_sentence_and_a_code(photo, words, code, sentence):
    """Errors go to stderr with the value at fault, without a traceback; 2 is a wrong command line, 1 all else."""
    done = banana(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refused_key_is_never_printed(photo):
    """A key that is still a placeholder is refused before anything is sent, and not repeated."""
    done = banana("edit", "cat.png", "Make it night", NB_BANANA_API_KEY="sk-your-api-key")
    assert done.returncode == 1
    assert "sk-your-api-key" not in done.stdout + done.stderr
    assert done.stderr.startswith("nb-banana: ")


def test_chinese_is_spoken_when_asked(photo):
    """`--lang zh`, `NB_BANANA_LANG` and a Chinese terminal all switch the sentences; help is translated too."""
    assert "已保存" in banana("--lang", "zh", "edit", "cat.png", "变成夜晚", "-s", "1K", "-o", "a.png").stdout
    assert "已保存" in banana("edit", "cat.png", "变成夜晚", "-s", "1K", "-o", "b.png", NB_BANANA_LANG="zh").stdout
    assert "已保存" in started("edit", "cat.png", "变成夜晚", "-s", "1K", "-o", "c.png", LC_ALL="zh_CN.UTF-8").stdout
    assert "宽高比" in banana("--lang", "zh", "edit", "--help").stdout
    assert "Aspect ratio" in banana("--lang", "en", "edit", "--help").stdout


def test_what_click_says_is_translated_too(photo):
    """Usage, headings, the help of `-h`, complaints and the words of the history are in the language asked for."""
    help_page = banana("--lang", "zh", "edit", "--help").stdout
    assert not re.search("Usage|Options|Show this", help_page)
    assert {"用法：", "选项:", "显示本说明。"} <= set(help_page.split())
    complaint = banana("--lang", "zh", "edit").stderr
    assert complaint.splitlines()[-1] == "错误：缺少 'PROMPT'。"
    banana("edit", "cat.png", "Make it night", "-s", "1K", "-o", "a.png")
    assert "  完成  " in banana("--lang", "zh", "history").stdout


def test_the_ratio_of_a_new_picture_follows_no_input():
    """`generate` has no photo, so its help does not speak of one."""
    assert "follows the input" not in " ".join(banana("generate", "--help").stdout.split())
    assert "follows the input" in " ".join(banana("edit", "--help").stdout.split())


def test_a_size_may_be_written_small(photo):
    """`-s 1k` is `-s 1K`."""
    assert banana("edit", "cat.png", "Make it night", "-s", "1k", "-o", "a.png").returncode == 0
    assert "at 2K" in banana("estimate", "-s", "2k").stdout


def test_a_long_prompt_is_no_file_name(photo):
    """A prompt longer than a file name may be is taken as the prompt it is."""
    done = banana("edit", "cat.png", "Make it night. " * 40, "-s", "1K", "-o", "a.png")
    assert done.returncode == 0, done.stderr


def test_a_file_that_is_there_is_left_alone(photo):
    """`-o` with a taken name writes to the next free one and says so; `--force` replaces; the same bytes stay one file."""
    words = ("edit", "cat.png", "Make it night", "-s", "1K", "-o")
    original = photo.read_bytes()
    for _ in range(2):
        done = banana(*words, "cat.png")
        assert "Saved cat_2.png" in done.stdout
        assert "cat.png is another file and was left alone" in done.stderr
    assert photo.read_bytes() == original
    assert not Path("cat_3.png").exists()
    assert "Saved cat.png" in banana(*words, "cat.png", "--force").stdout
    assert photo.read_bytes() == Path("cat_2.png").read_bytes()
    assert "Made the folder new" in banana(*words, "new/night.png").stderr
    assert "Saved edited_" in banana(*words, "./").stdout


def test_every_command_and_option_has_help_in_both_languages():
    """Nothing in the help is left blank."""
    for lang in ("en", "zh"):
        for words in ([], ["lab"], ["edit"], ["generate"], ["sandbox"], ["models"], ["estimate"], ["history"], ["doctor"]):
            assert main(["--lang", lang, *words, "--help"]) == 0


def test_models_and_estimate_answer_without_sending():
    """The table of models, and the seed's first cost example, in yuan after the bonus."""
    assert "nano-banana-pro" in banana("models").stdout
    done = banana("estimate", "-m", "nano-banana-pro", "-s", "2K", "-n", "100", "--as-of", "2025-11-20")
    assert done.returncode == 0, done.stderr
    assert "¥29" in done.stdout
    custom = banana("models", "--provider", "custom").stdout
    assert "There are no prices for provider custom" in custom
    assert "There are no prices" not in banana("models", "--provider", "sandbox").stdout
    assert "nb2 = nano-banana-2" in " ".join(banana("models", "--help").stdout.split())


def test_history_lists_and_exports(photo):
    """What was done here is listed newest first, and exported with the four promised names."""
    banana("edit", "cat.png", "Make it night", "-s", "1K", "-o", "a.png")
    banana("edit", "cat.png", "Anime style", "-s", "1K", "-o", "b.png")
    lines = banana("history").stdout.splitlines()
    assert ["Anime style" in lines[0], "Make it night" in lines[1], len(lines)] == [True, True, 2]
    done = banana("history", "--export", "all.jsonl")
    records = [json.loads(line) for line in Path("all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert done.returncode == 0
    assert [record["edit_instruction"] for record in records] == ["Anime style", "Make it night"]
    assert all({"timestamp", "original_image", "result_path"} <= set(record) for record in records)
    before = Path("all.jsonl").read_bytes()
    assert "all_2.jsonl" in banana("history", "--export", "all.jsonl").stdout
    assert Path("all.jsonl").read_bytes() == Path("all_2.jsonl").read_bytes() == before


def test_history_deletes_what_is_old(photo):
    """It first says what would be lost and touches nothing; with --yes the edits and their pictures are gone."""
    banana("edit", "cat.png", "Make it snow", "-s", "1K", "-o", "a.png")
    said = banana("history", "--delete-before", "2200-01-01").stdout
    assert "Edits that go for good: 1" in said and "Nothing was deleted" in said and "Make it snow" in banana("history").stdout
    assert "Deleted." in banana("history", "--delete-before", "2200-01-01", "--yes").stdout
    first = banana("history", "--delete-before", "0001-01-01"), banana("clean", "--before", "0001-01-01")
    assert all(done.returncode == 0 and not done.stderr for done in first)
    assert "Make it snow" not in banana("history").stdout and list(Path("nb_banana_history/images").glob("*.png")) == []


def test_doctor_shows_where_the_key_comes_from_but_not_the_key():
    """Versions, key source, proxies and the history folder; a proxy's password and the key stay hidden."""
    done = banana("doctor", APIYI_API_KEY="sk-0123456789abcdef", HTTPS_PROXY="http://me:s3cr3t@proxy.test:8080")
    assert done.returncode == 0, done.stderr
    assert __version__ in done.stdout
    assert "APIYI_API_KEY" in done.stdout
    assert "proxy.test:8080" in done.stdout
    assert "nb_banana_history" in done.stdout
    assert not re.search("0123456789|s3cr3t", done.stdout + done.stderr)


def test_doctor_names_a_bad_key_once_and_fails():
    """A key that can't be used is one line naming its variable; the exit code says that something needs doing."""
    done = banana("doctor", GEMINI_API_KEY="sk-your-api-key")
    assert done.returncode == 1
    wrong = [line for line in done.stdout.splitlines() if line.startswith("✗")]
    assert len(wrong) == 1
    assert "GEMINI_API_KEY: " in wrong[0]
    assert done.stdout.count("placeholder") == 1
    assert "GEMINI_API_KEY: " in banana("generate", "A cat", GEMINI_API_KEY="sk-your-api-key").stderr


def test_doctor_says_that_a_key_would_go_astray():
    """A key of Google's under the name that means apiyi: one line that names both and what to set; it is sent nowhere."""
    done = banana("doctor", NB_BANANA_API_KEY="AQ.Ab8RN6-0123456789abcdef")
    wrong = [line for line in done.stdout.splitlines() if line.startswith("✗")]
    assert done.returncode == 1 and len(wrong) == 1
    assert all(word in wrong[0] for word in ("NB_BANANA_API_KEY", "Google", "apiyi", "GOOGLE_API_KEY", "NB_BANANA_BASE_URL"))
    assert "0123456789" not in done.stdout + done.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_doctor_says_where_a_key_is_looked_for(clean_place, lang):
    """Without a key: every place in order, every variable by name, and that a `.env` and a keyring are read only when asked; a
    `.env` that lies here is named wherever a key is missed, its content nowhere."""
    known = ("NB_BANANA_API_KEY", "APIYI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY")
    words = ("--lang", lang, "doctor")
    said = banana(*words).stdout
    assert all(word in said for word in (*known, ".env", "userdata", "keyring", "nb.Endpoint.apiyi(key)")), said
    order = [said.index(word) for word in (".env", "keyring", known[0], "userdata", "kaggle_secrets")]
    assert order == sorted(order) and str(clean_place / ".env") not in said, said
    (clean_place / ".env").write_text("APIYI_API_KEY=sk-0123456789abcdef")
    error = subprocess.run([sys.executable, "-c", "import nb_banana as nb; nb.Endpoint.from_env()"], capture_output=True, text=True, check=False, encoding="utf-8",
                           env={**os.environ, "PYTHONPATH": str(ROOT), "NB_BANANA_LANG": lang, "PYTHONIOENCODING": "utf-8"}).stderr
    notice = banana("--lang", lang, "generate", "x").stderr
    for place in (banana(*words).stdout, error, notice):
        assert str(clean_place / ".env") in place and 'nb.session(env=".env")' in place, place
        assert "0123456789" not in place


def test_the_sandbox_serves_others(photo_bytes):
    """`nb-banana sandbox` prints an address that answers the native wire, and plays a fault when asked."""
    process = start("sandbox", "--port", "0")
    try:
        address = re.search(r"http://\S+", process.stdout.readline())[0].rstrip("/")
        body = {"contents": [{"parts": [{"text": "A banana"}]}], "generationConfig": {"responseModalities": ["IMAGE"]}}
        request = urllib.request.Request(
            f"{address}/v1beta/models/gemini-3-pro-image-preview:generateContent", json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        answer = json.load(urllib.request.urlopen(request, timeout=60))
        assert any("inlineData" in part for part in answer["candidates"][0]["content"]["parts"])
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert "safety" in banana("sandbox", "--port", "0", "--fault", "no-such-fault").stderr


def test_decode_turns_an_answer_into_its_picture(photo):
    """The last step of `result.to_curl()`: an answer on stdin becomes picture bytes; a refusal becomes its sentence."""
    def decode(answer):
        return prefork.banana("decode", env=dict(os.environ), stdin=json.dumps(answer).encode())

    picture = base64.b64encode(photo.read_bytes()).decode()
    answer = {"candidates": [{"content": {"parts": [{"inlineData": {"mimeType": "image/png", "data": picture}}]}}]}
    done = decode(answer)
    assert (done.returncode, done.stdout) == (0, photo.read_bytes())
    refusal = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
    done = decode(refusal)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"PROHIBITED_CONTENT" in done.stderr
    failed = {"error": {"code": 400, "message": "the ratio is odd"}}
    done = decode(failed)
    assert b"(HTTP 400)" in done.stderr
    assert b"bill" not in done.stderr


@pytest.mark.parametrize(("words", "first"), [((), "quickstart.ipynb"), (("--lang", "zh"), "quickstart.zh-CN.ipynb")])
def test_lab_opens_the_quickstart_and_ends_with_it(clean_place, words, first):
    """`nb-banana lab --no-browser` copies the tutorials, prints an address that works, opens the quick start of the
    language, which its kernels speak too, and stops on Ctrl-C; what a killed server wrote about itself under the same number is not taken for its address.
    """
    (clean_place / "runtime").mkdir()
    left = json.dumps({"url": "http://localhost:9/", "hostname": "localhost", "port": 9, "token": "old"})
    for number in range(os.getpid(), os.getpid() + 600):
        (clean_place / "runtime" / f"jpserver-{number}.json").write_text(left)
        os.utime(clean_place / "runtime" / f"jpserver-{number}.json", (0, 0))
    (clean_place / "config").mkdir()
    (clean_place / "config" / "jupyter_server_config.py").write_text(
        "import os, pathlib\n"
        f"pathlib.Path({str(clean_place / 'spoken')!r}).write_text(os.environ.get('NB_BANANA_LANG', 'not said'))\n"
    )
    process = start("lab", "--no-browser", *words, JUPYTER_RUNTIME_DIR=str(clean_place / "runtime"),
                    JUPYTER_CONFIG_DIR=str(clean_place / "config"))
    try:
        address = re.search(r"http://\S+", process.stdout.readline())[0]
        page = urllib.request.urlopen(address, timeout=30).read().decode()
        assert "JupyterLab" in page
        assert f"/lab/tree/{first}?token=" in address
        assert (clean_place / "spoken").read_text() == ("zh" if words else "not said")
        assert (clean_place / "nb_banana_notebooks" / first).is_file()
        assert (clean_place / "nb_banana_notebooks" / "pictures" / "chelsea.jpg").is_file()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        said = process.stderr.read()
        assert ("按 Ctrl-C 停止。" if words else "Ctrl-C stops it.") in said
        assert not re.search("DeprecationWarning|http://", said)
    with pytest.raises(OSError):
        urllib.request.urlopen(address, timeout=2)


def test_copied_tutorials_are_the_readers_own(clean_place):
    """A second start never overwrites what a reader has changed; both languages come, and every picture they show, no more."""
    made = copy_notebooks(clean_place / "mine")
    (clean_place / "mine" / "quickstart.ipynb").write_text("changed")
    assert copy_notebooks(clean_place / "mine") == []
    assert (clean_place / "mine" / "quickstart.ipynb").read_text() == "changed"
    names = {path.relative_to(clean_place / "mine").as_posix() for path in made}
    assert {path.name for path in CHECKOUT_NOTEBOOKS.glob("*.ipynb")} == {name for name in names if name.endswith(".ipynb")}
    text = "".join(path.read_text(encoding="utf-8") for path in CHECKOUT_NOTEBOOKS.glob("*.ipynb"))
    copied = "".join(path.read_text(encoding="utf-8") for path in made if path.suffix == ".ipynb")
    assert "](../docs/" in text and "](../" not in copied and "what goes wrong (`docs/failures.md`)" in copied
    assert {*re.findall(r"pictures/[\w-]+\.\w+", text)} <= names
    assert "pictures/studio.gif" not in names


def test_the_wheel_brings_everything(clean_place):
    """A built wheel, installed away from this checkout, has its command, tutorials, types, data and widget files."""
    built = clean_place / "dist"
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)], cwd=ROOT, check=True,
                   capture_output=True)
    wheel = next(built.glob("*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    kept = {f"nb_banana/_notebooks/{path.relative_to(CHECKOUT_NOTEBOOKS).as_posix()}"
            for path in CHECKOUT_NOTEBOOKS.rglob("*.*") if "nb_banana_history" not in path.parts
            and ".ipynb_checkpoints" not in path.parts}
    widgets = {path.relative_to(ROOT).as_posix() for path in (ROOT / "nb_banana").rglob("*.*")
               if path.suffix in {".js", ".css", ".toml", ".py", ".typed"}}
    assert kept | widgets <= names
    assert not [name for name in names if "nb_banana_history" in name or "__pycache__" in name]
    site = clean_place / "site"
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "--no-deps", "--target", str(site), str(wheel)],
                   check=True, capture_output=True)
    code = ("import nb_banana, pathlib; from nb_banana._cli.lab import copy_notebooks;"
            "print(nb_banana.__file__); print(len(copy_notebooks(pathlib.Path('here'))))")
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(site)}, check=True,
                          capture_output=True, text=True, cwd=clean_place)
    where, count = done.stdout.split()
    assert Path(where).is_relative_to(site)
    assert int(count) == len(kept) - 1  # the README's moving picture is not for readers of tutorials
    assert (site / "bin" / "nb-banana").exists() or (site / "Scripts" / "nb-banana.exe").exists()
