"""The catalog's facts, the meaning of names, what may be asked, and what it costs."""

from __future__ import annotations

import pickle
from collections import Counter
from datetime import date
from decimal import Decimal
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb_banana import errors
from nb_banana._catalog.cost import Cost
from nb_banana._catalog.models import MODELS, check_request, deadline, find_model, recommended_deadline
from nb_banana._catalog.prices import estimate, price
from nb_banana._catalog.providers import PROVIDERS, provider_of
from nb_banana._catalog.table import models
from nb_banana._strings import speaking

PRO = MODELS["gemini-3-pro-image"]
FLARE = MODELS["gpt-image-2.5-flare"]
FLASH = MODELS["gemini-2.5-flash-image"]
SEED_DAY = "2025-11-20"


@pytest.fixture(autouse=True)
def no_user_prices(monkeypatch, tmp_path):
    """Prices of whoever runs the tests must not change what the tests see."""
    monkeypatch.delenv("NB_BANANA_PRICES", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


# --- pixels, tokens, times ----------------------------------------------------------------------

GUIDE_CELLS = """
1:1 1024x1024 2048x2048 4096x4096
2:3 848x1264 1696x2528 3392x5056
3:2 1264x848 2528x1696 5056x3392
3:4 896x1200 1792x2400 3584x4800
4:3 1200x896 2400x1792 4800x3584
4:5 928x1152 1856x2304 3712x4608
5:4 1152x928 2304x1856 4608x3712
9:16 768x1376 1536x2752 3072x5504
16:9 1376x768 2752x1536 5504x3072
21:9 1584x672 3168x1344 6336x2688
"""
FLASH_CELLS = """
1:1 1024x1024
2:3 832x1248
3:2 1248x832
3:4 864x1184
4:3 1184x864
4:5 896x1152
5:4 1152x896
9:16 768x1344
16:9 1344x768
21:9 1536x672
"""


def cells(text):
    for line in text.split("\n"):
        ratio, *sizes = line.split() or [""]
        for size, cell in zip(("1K", "2K", "4K"), sizes):
            yield ratio, size, tuple(map(int, cell.split("x")))


@pytest.mark.parametrize(("ratio", "size", "pixels"), list(cells(GUIDE_CELLS)))
def test_pro_makes_the_thirty_sizes_of_the_guide(ratio, size, pixels):
    """Each of the guide's thirty cells is exact."""
    assert PRO.pixels(ratio, size) == pixels


@pytest.mark.parametrize(("ratio", "size", "pixels"), list(cells(FLASH_CELLS)))
def test_flash_has_its_own_table(ratio, size, pixels):
    """2.5 Flash at 16:9 is 1344×768, not Pro's 1376×768, and so on for all ten ratios."""
    assert FLASH.pixels(ratio) == FLASH.pixels(ratio, size) == pixels


@pytest.mark.parametrize(
    ("ratio", "size", "pixels"),
    [
        ("1:4", "1K", (512, 2048)),
        ("4:1", "1K", (2048, 512)),
        ("1:8", "1K", (384, 3072)),
        ("8:1", "4K", (12288, 1536)),
        ("1:1", "512", (512, 512)),
        ("21:9", "512", (792, 336)),
        ("16:9", "512", (688, 384)),
    ],
)
def test_the_newer_flash_adds_ratios_and_a_small_tier(ratio, size, pixels):
    """Four extreme ratios and the 512 tier, half of 1K each way."""
    assert MODELS["gemini-3.1-flash-image"].pixels(ratio, size) == pixels


@pytest.mark.parametrize("info", MODELS.values(), ids=MODELS)
def test_every_cell_is_close_to_its_ratio(info):
    """No cell is mistyped: each is within 3 % of its nominal ratio, and turning the ratio turns the pixels."""
    for (ratio, size), (width, height) in info.cells.items():
        across, down = map(int, ratio.split(":"))
        assert width / height == pytest.approx(across / down, rel=0.03)
        assert info.nearest_ratio(width, height) == ratio
        turned = f"{down}:{across}"
        if turned in info.aspect_ratios:
            assert info.pixels(turned, size) == (height, width)


def test_the_models_and_what_they_take():
    """Each model's ratios and sizes; only models with a choice of size take one; GPT Image's are free beyond these."""
    assert {
        info.nickname: (len(info.aspect_ratios), info.image_sizes, info.size_parameter)
        for info in MODELS.values()
    } == {
        "nano-banana-pro": (10, ("1K", "2K", "4K"), True),
        "nano-banana": (10, ("1K",), False),
        "nano-banana-2": (14, ("512", "1K", "2K", "4K"), True),
        "nano-banana-2-lite": (14, ("1K",), False),
        "nano-banana-2.1": (14, ("1K", "2K", "4K"), True),
        "gpt-image-flare": (12, ("1K", "2K", "4K"), True),
        "gpt-image-sunburst": (12, ("1K", "2K", "4K"), True),
    }
    assert {(info.maker, info.max_images) for info in MODELS.values()} == {("google", 14), ("openai", 16)}
    assert FLASH.advised_images == 3


def test_output_tokens_are_dated():
    """The guide's 1210 tokens were true in its day; Google counts 1120 since."""
    assert [PRO.output_tokens(size, as_of=SEED_DAY) for size in PRO.image_sizes] == [1210, 1210, 2000]
    assert [PRO.output_tokens(size, as_of="2026-11-01") for size in PRO.image_sizes] == [1120, 1120, 2000]
    assert FLASH.output_tokens() == 1290
    assert [MODELS["gemini-3.1-flash-image"].output_tokens(size) for size in ("512", "1K", "2K", "4K")] == [
        747, 1120, 1680, 2520,
    ]  # fmt: skip
    assert MODELS["gemini-nano-banana-2.1"].output_tokens("4K") == 3780


def test_typical_times_are_the_guides():
    """10–15, 20–25 and 30–40 s by size for Pro, 10–15 s for Flash."""
    assert [PRO.typical_seconds(size) for size in PRO.image_sizes] == [(10, 15), (20, 25), (30, 40)]
    assert FLASH.typical_seconds() == (10, 15)


def test_deadlines_by_size_and_number_of_inputs():
    """The guide's 180/300/360 s are when to say "longer than usual"; we hang up at 300/300/600 s, later still with several inputs."""
    assert [recommended_deadline(size) for size in PRO.image_sizes] == [180, 300, 360]
    assert [deadline(size) for size in PRO.image_sizes] == [300, 300, 600]
    assert deadline("4K", 2) == 660
    assert recommended_deadline("1K", 4) == 240
    assert (deadline(None), deadline("16K"), recommended_deadline("512", 2)) == (300, 600, 240)


def test_events_are_dated_and_sourced():
    """Every event has a day and a source; contested ends are marked so."""
    for info in MODELS.values():
        assert info.events
        for event in info.events:
            assert date.fromisoformat(event.date)
            assert event.source
    shutdowns = [event for info in MODELS.values() for event in info.events if event.what == "shutdown"]
    assert {event.date: event.certain for event in shutdowns} == {"2026-10-02": False, "2026-10-29": False}


def test_rows_travel_to_other_processes():
    """A model and a cost survive pickling, since workers in other processes get them."""
    assert pickle.loads(pickle.dumps(PRO)) == PRO
    assert pickle.loads(pickle.dumps(PRO)).pixels("16:9", "2K") == (2752, 1536)
    assert pickle.loads(pickle.dumps(price("pro"))) == price("pro")
    assert len({*MODELS.values()}) == 7


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("nano-banana-pro", "gemini-3-pro-image"),
        ("Nano Banana Pro", "gemini-3-pro-image"),
        ("NANO_BANANA_PRO", "gemini-3-pro-image"),
        ("pro", "gemini-3-pro-image"),
        ("gemini-3-pro-image-preview", "gemini-3-pro-image"),
        ("models/gemini-3-pro-image", "gemini-3-pro-image"),
        (" Gemini-3-Pro-Image ", "gemini-3-pro-image"),
        ("nano-banana", "gemini-2.5-flash-image"),
        ("flash", "gemini-2.5-flash-image"),
        ("nano-banana-2", "gemini-3.1-flash-image"),
        ("nano-banana-2-lite", "gemini-3.1-flash-lite-image"),
        ("nano banana 2.1", "gemini-nano-banana-2.1"),
    ],
)
def test_nicknames_and_ids_are_understood(name, model):
    """A name finds its model however its case and spaces are written."""
    assert find_model(name).info.id == model


def test_no_name_means_two_models():
    """Nicknames and ids are each used once."""
    names = Counter(
        name.lower().replace(" ", "-")
        for info in MODELS.values()
        for name in {
            info.id,
            info.nickname,
            *(n.replace(" ", "-") for n in info.nicknames),
            *info.provider_ids.values(),
        }
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    ("provider", "sent"),
    [
        ("apiyi", "gemini-3-pro-image-preview"),
        ("sandbox", "gemini-3-pro-image-preview"),
        ("custom", "gemini-3-pro-image-preview"),
        ("google", "gemini-3-pro-image"),
        ("openrouter", "google/gemini-3-pro-image"),
    ],
)
def test_each_provider_gets_its_own_id(provider, sent):
    """The default model and its nickname become the id that provider knows, without any warning."""
    for name in (None, "nano-banana-pro"):
        choice = find_model(name, provider)
        assert (choice.info.id, choice.sent_id, choice.warnings) == ("gemini-3-pro-image", sent, ())


def test_an_id_given_is_the_id_sent_where_it_is_not_retired():
    """Asking apiyi for the stable id sends the stable id; OpenRouter's prefix is added once."""
    assert find_model("gemini-3-pro-image", "apiyi").sent_id == "gemini-3-pro-image"
    assert (
        find_model("gemini-3-pro-image-preview", "openrouter").sent_id == "google/gemini-3-pro-image-preview"
    )
    assert find_model("google/gemini-3-pro-image", "openrouter").sent_id == "google/gemini-3-pro-image"


@pytest.mark.parametrize(
    ("given", "provider", "sent", "day"),
    [
        ("gemini-2.5-flash-image-preview", "apiyi", "gemini-2.5-flash-image", "2025-10-30"),
        ("gemini-2.5-flash-image-preview", "sandbox", "gemini-2.5-flash-image", "2025-10-30"),
        ("gemini-2.5-flash-image-preview", "google", "gemini-2.5-flash-image", "2026-01-15"),
        ("gemini-3-pro-image-preview", "google", "gemini-3-pro-image", "2026-06-25"),
        ("gemini-3.1-flash-image-preview", "google", "gemini-3.1-flash-image", "2026-06-25"),
    ],
)
def test_a_retired_id_is_redirected_with_a_warning(given, provider, sent, day):
    """Per provider: the warning names the id asked, the id sent and the day."""
    choice = find_model(given, provider)
    assert choice.sent_id == sent
    assert choice.info.id == sent
    assert all(word in choice.warnings[0] for word in (given, sent, day))


def test_a_custom_url_gets_every_id_as_given():
    """Only its owner knows what it serves; an id retired everywhere else gets a warning, not a change."""
    choice = find_model("gemini-2.5-flash-image-preview", "custom")
    assert choice.sent_id == "gemini-2.5-flash-image-preview"
    assert "gemini-2.5-flash-image" in choice.warnings[0]
    assert find_model("gemini-3-pro-image-preview", "custom").warnings == ()


def test_an_unknown_id_is_sent_as_given_with_a_suggestion():
    """The world moves faster than the catalog, and people mistype; both get their own sentence."""
    choice = find_model("gemini-3-pro-imge")
    assert (choice.info, choice.sent_id) == (None, "gemini-3-pro-imge")
    assert "'gemini-3-pro-image'" in choice.warnings[0]
    fresh = find_model("Imagen-9-Ultra", "google")
    assert (fresh.info, fresh.sent_id) == (None, "Imagen-9-Ultra")
    assert "Did you mean" not in fresh.warnings[0]
    long = find_model("x" * 5_000)
    assert len(long.warnings[0]) < 300


def test_a_model_nobody_is_known_to_sell_says_so():
    """apiyi is not known to offer 2.1, so its own id goes out with a warning."""
    choice = find_model("nano-banana-2.1", "apiyi")
    assert choice.sent_id == "gemini-nano-banana-2.1"
    assert "nano-banana-2.1" in choice.warnings[0]


def test_an_announced_end_is_mentioned_where_it_was_announced():
    """Google announced the end of 2.5 Flash; the sandbox did not."""
    assert "2026-10-02" in find_model("nano-banana", "google").warnings[0]
    assert find_model("nano-banana", "sandbox").warnings == ()


@given(st.text(max_size=80), st.sampled_from(sorted(PROVIDERS)))
def test_any_name_gives_a_choice(name, provider):
    """No text makes the look-up fail but none where one is needed; an unknown name stays as it is, without the sign "="."""
    if name.strip()[:1] == "=" and not name.strip()[1:].strip():
        with pytest.raises(errors.InvalidRequestError, match="names no model"):
            find_model(name, provider)
        return
    if not name.strip() and not PROVIDERS[provider].default_model:
        with pytest.raises(errors.InvalidRequestError, match="name the model"):
            find_model(name, provider)
        return
    choice = find_model(name, provider)
    if name.strip()[:1] == "=":
        assert choice.sent_id == name.strip()[1:].strip()
    elif choice.info is None and name:
        assert choice.sent_id == name.strip().removeprefix("models/")
        assert choice.warnings


# --- providers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "name"),
    [
        ("https://api.apiyi.com", "apiyi"),
        ("https://vip.apiyi.com/v1", "apiyi"),
        ("https://generativelanguage.googleapis.com", "google"),
        ("https://openrouter.ai/api", "openrouter"),
        ("https://sandbox.invalid", "sandbox"),
        ("https://notapiyi.com", "custom"),
        ("https://api.apiyi.com.evil.example", "custom"),
        ("http://127.0.0.1:8000", "custom"),
        ("", "custom"),
    ],
)
def test_a_host_belongs_to_its_provider(base_url, name):
    """A key follows the host, so look-alike hosts are nobody's."""
    assert provider_of(base_url).name == name


def test_provider_rows():
    """Keys, headers, wires and limits of the rows."""
    assert {name: row.key_header for name, row in PROVIDERS.items()} == {
        "apiyi": "Authorization",
        "google": "x-goog-api-key",
        "openrouter": "Authorization",
        "openai": "Authorization",
        "sandbox": "Authorization",
        "custom": "Authorization",
        "local": "Authorization",
    }
    assert {name: row.sized_wires for name, row in PROVIDERS.items()} == {
        **dict.fromkeys(("apiyi", "sandbox", "custom"), ("gemini", "images")),
        "google": ("gemini",),
        "openrouter": ("openai",),
        "openai": ("images",),
        "local": ("images", "gemini"),
    }
    assert all(set(row.sized_wires) <= set(row.wires) for row in PROVIDERS.values())
    assert PROVIDERS["google"].key_names == ("GOOGLE_API_KEY", "GEMINI_API_KEY")
    apiyi = PROVIDERS["apiyi"]
    assert (apiyi.max_image_bytes, apiyi.max_request_bytes, apiyi.advised_edge) == (7_000_000, 100_000_000, 4096)
    assert PROVIDERS["google"].advised_edge is None
    assert "image/gif" not in {mime for row in PROVIDERS.values() for mime in row.mime_types}
    defaults = {name: find_model(row.default_model, row).info for name, row in PROVIDERS.items() if row.default_model}
    assert defaults == {**dict.fromkeys(("apiyi", "google", "openrouter", "sandbox", "custom"), PRO), "openai": FLARE}
    for row in PROVIDERS.values():
        assert provider_of(row.base_url) is row or row.name == "local"
        assert row.guide.startswith("https://") or row.name in ("sandbox", "custom", "local")


# --- what may be asked --------------------------------------------------------------------------


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("info", MODELS.values(), ids=MODELS)
def test_everything_offered_is_accepted(info, provider):
    """Every ratio and size of a model passes over a wire that carries it and names them, as does asking for nothing."""
    wires = info.wires_at(provider)
    if not wires:
        with pytest.raises(errors.InvalidRequestError, match="is served by"):
            check_request(info, None, None, provider=provider, wire=PROVIDERS[provider].wires[0])
        return
    for wire in wires:
        check_request(info, None, None, provider=provider, wire=wire)
    sized = next(wire for wire in PROVIDERS[provider].sized_wires if wire in wires)
    for ratio in info.aspect_ratios:
        for size in info.image_sizes:
            check_request(info, ratio, size, provider=provider, wire=sized)


@pytest.mark.parametrize(
    ("info", "ratio", "size", "words"),
    [
        (PRO, None, "8K", ("image_size", "'8K'", "nano-banana-pro", "1K, 2K or 4K")),
        (PRO, None, "1k", ("image_size", "'1k'", "Did you mean '1K'?")),
        (PRO, None, "2048", ("Did you mean '2K'?",)),
        (PRO, None, 4096, ("Did you mean '4K'?",)),
        (PRO, None, "512", ("1K, 2K or 4K",)),
        (MODELS["gemini-3.1-flash-image"], None, "0.5K", ("Did you mean '512'?",)),
        (FLASH, None, "2K", ("image_size", "nano-banana", "choose 1K.")),
        (PRO, "7:3", None, ("aspect_ratio", "'7:3'", "21:9")),
        (PRO, "1:4", None, ("aspect_ratio", "'1:4'")),
        (PRO, "16x9", None, ("Did you mean '16:9'?",)),
        (PRO, "16：9", None, ("Did you mean '16:9'?",)),
        (PRO, "1920:1080", None, ("Did you mean '16:9'?",)),
        (PRO, "0:0", None, ("aspect_ratio",)),
        (PRO, "x" * 10_000, None, ("aspect_ratio",)),
    ],
)
def test_what_a_model_lacks_is_refused_with_its_choices(info, ratio, size, words):
    """The sentence names the parameter, the value and the choices, and guesses what was meant."""
    with pytest.raises(errors.InvalidRequestError) as caught:
        check_request(info, ratio, size, provider="apiyi", wire="gemini")
    assert all(word in str(caught.value) for word in words)
    assert caught.value.hint
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("provider", ["apiyi", "sandbox", "custom"])
@pytest.mark.parametrize(("ratio", "size"), [("16:9", None), (None, "2K")])
def test_a_chat_wire_without_sizes_names_the_native_wire(provider, ratio, size):
    """Asked of apiyi's chat, a ratio or a size is refused with the way out, also for unknown models."""
    for info in (PRO, None):
        with pytest.raises(errors.InvalidRequestError, match='wire="gemini"'):
            check_request(info, ratio, size, provider=provider, wire="openai")
    check_request(PRO, ratio, size, provider="openrouter", wire="openai")


def test_an_unknown_model_may_be_asked_anything():
    """The catalog does not forbid what it does not know."""
    check_request(None, "7:3", "16K", provider="custom", wire="gemini")


def test_sentences_come_in_chinese_too():
    """The same refusal in Chinese names the same value and choices."""
    with speaking("zh"), pytest.raises(errors.InvalidRequestError, match="1K、2K 或 4K"):
        check_request(PRO, None, "8K", provider="apiyi", wire="gemini")


# --- money --------------------------------------------------------------------------------------


def test_the_guides_first_example():
    """100 edits at 2K on the guide's day: Pro ¥29; Flash ¥15, at 1K only."""
    pro = estimate("nano-banana-pro", "2K", 100, as_of=SEED_DAY)
    assert (pro.cost.amount, pro.cost_cny.amount, pro.supported) == (Decimal("5"), Decimal("29"), True)
    flash = estimate("nano-banana", "2K", 100, as_of=SEED_DAY)
    assert (flash.cost_cny.amount, flash.supported, flash.priced_size) == (Decimal("15"), False, "1K")
    assert "1K only" in flash.note
    assert "¥29" in str(pro)
    assert "¥15" in str(flash)


def test_the_guides_second_example():
    """50 edits at 4K on the guide's day: Pro ¥14.5 against ¥83.3 officially; Flash does not do it."""
    pro = estimate("nano-banana-pro", "4K", 50, as_of=SEED_DAY)
    assert (pro.cost_cny.amount, pro.official_cny.amount) == (Decimal("14.5"), Decimal("83.3"))
    assert f"{pro.share_cny:.0%}" == "17%"
    flash = estimate("nano-banana", "4K", 50, as_of=SEED_DAY)
    assert (flash.supported, flash.priced_size, flash.cost.amount, flash.seconds) == (False, None, None, None)
    assert "does not support 4K" in str(flash)


def test_shares_of_the_official_price_are_computed():
    """37 % and 21 % in dollars on the guide's day, which is not what the guide prints; more since the price rose."""
    assert f"{estimate('pro', '2K', as_of=SEED_DAY).share:.1%}" == "37.3%"
    assert f"{estimate('pro', '4K', as_of=SEED_DAY).share:.1%}" == "20.8%"
    assert f"{estimate('pro', '4K', as_of='2026-11-01').share:.1%}" == "37.5%"


@pytest.mark.parametrize(
    ("model", "size", "provider", "day", "usd"),
    [
        ("pro", "4K", "apiyi", "2026-04-13", "0.050"),
        ("pro", "4K", "apiyi", "2026-04-14", "0.09"),
        ("pro", "1K", "apiyi", date(2026, 11, 1), "0.09"),
        ("nano-banana", None, "apiyi", SEED_DAY, "0.025"),
        ("nano-banana", None, "apiyi", "2026-11-01", "0.02"),
        ("nano-banana-2", "512", "apiyi", "2026-11-01", "0.055"),
        ("nano-banana-2-lite", None, "apiyi", "2026-11-01", "0.025"),
        ("pro", "2K", "google", SEED_DAY, "0.134"),
        ("gemini-3-pro-image-preview", "4K", "google", SEED_DAY, "0.24"),
        ("nano-banana-2", "2K", "google", "2026-11-01", "0.101"),
        ("nano-banana-2.1", "4K", "google", "2026-11-01", "0.1134"),
        ("pro", "4K", "sandbox", "2020-01-01", "0"),
        ("anything-at-all", None, "sandbox", None, "0"),
    ],
)
def test_the_price_of_a_day(model, size, provider, day, usd):
    """The newest row not after the day counts, whatever name the model is asked by."""
    assert price(model, size, provider, day).amount == Decimal(usd)


@pytest.mark.parametrize(
    ("model", "provider", "day"),
    [
        ("nano-banana-2.1", "apiyi", None),
        ("pro", "custom", None),
        ("pro", "openrouter", None),
        ("pro", "apiyi", "2025-11-19"),
        ("some-new-model", "apiyi", None),
    ],
)
def test_a_price_nobody_knows_is_not_guessed(model, provider, day):
    """Unknown is a value of its own, so that a budget can refuse it."""
    cost = price(model, None, provider, day)
    assert (cost.amount, cost.certain, str(cost)) == (None, False, "price unknown")


def test_prices_say_where_they_come_from():
    """Each row of ours has a day (unless it is free) and a source; only the sandbox is free."""
    now = price("pro", "2K", "apiyi", "2026-11-01")
    assert now.as_of >= "2026-04-14"
    assert now.source.startswith("https://")
    assert price("pro", "2K", "apiyi", SEED_DAY).source == "seed"
    assert price("pro", "2K", "google").certain is False
    sandbox = price("pro", "2K", "sandbox")
    assert (sandbox.certain, str(sandbox)) == (True, "free")


def test_costs_add_up_and_read_well():
    """Sums keep what is certain certain, and an unknown part makes the sum unknown."""
    pro, flash = price("pro", None, "apiyi", SEED_DAY), price("flash", None, "apiyi", SEED_DAY)
    assert str(sum([pro, flash, pro])) == "$0.125"
    assert sum([pro, flash]).certain is True
    assert str(sum([pro, price("pro", "4K", "google", SEED_DAY)])) == "≈$0.29"
    assert (pro + Cost(None, certain=False)).amount is None
    assert [str(pro), str(pro * 100), str(3 * Cost(Decimal("0.0336"))), str(Cost(Decimal("14.5"), "CNY"))] == [
        "$0.05", "$5.00", "$0.1008", "¥14.50",
    ]  # fmt: skip
    small = ("0.0001", "0.00005", "0.000049", "0.0000351", "1e-12")
    assert [str(Cost(Decimal(amount))) for amount in small] == [
        "$0.0001", "$0.00005", "$0.000049", "$0.000035", "$0.000000000001",
    ]  # fmt: skip
    with pytest.raises(TypeError):
        pro + Cost(Decimal(1), "CNY")


@given(st.lists(st.decimals(0, 100, places=4), min_size=1, max_size=20))
def test_a_sum_of_costs_is_exact(amounts):
    """Money is decimal: no cent is lost in a sum, in whatever order."""
    assert sum(Cost(amount) for amount in amounts).amount == sum(amounts)
    assert sum(Cost(amount) for amount in reversed(amounts)).amount == sum(amounts)


def test_times_of_a_job():
    """Edits one after another take the sum; four at once take a quarter."""
    assert estimate("pro", "2K", 100).seconds == (2000, 2500)
    assert estimate("pro", "2K", 100, concurrency=4).seconds == (500, 625)
    assert estimate("pro", "2K", 5, concurrency=4).seconds == (40, 50)
    assert estimate("pro", "1K").seconds == (10, 15)


def test_an_estimate_says_when_there_are_too_many_pictures():
    """2.5 Flash handles three inputs well; Pro takes the same four without a word."""
    assert "3" in estimate("nano-banana", images=4).note
    assert estimate("pro", images=4).note == ""


def test_the_sandbox_estimate_is_free_and_quick():
    """Nothing is compared with official prices where nothing is paid."""
    text = str(estimate(count=10, provider="sandbox"))
    assert "free" in text
    assert "official" not in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"model": "nope"}, ("'nope'", "nb.models()")),
        ({"image_size": "8K"}, ("'8K'", "512, 1K, 2K or 4K")),
        ({"count": -1}, ("count -1",)),
        ({"concurrency": 0}, ("concurrency 0",)),
        ({"as_of": "yesterday"}, ("'yesterday'", "2025-11-20")),
    ],
)
def test_an_estimate_that_cannot_be_made_says_why(arguments, words):
    """Each bad argument is named with its value."""
    with pytest.raises(errors.InvalidRequestError) as caught:
        estimate(**arguments)
    assert all(word in str(caught.value) for word in words)


# --- the user's own prices ----------------------------------------------------------------------


def test_the_users_prices_come_first(monkeypatch, tmp_path):
    """A row in the user's file beats ours, from its day on, for the model and sizes it names."""
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[price]]\nprovider = "apiyi"\nmodel = "nano-banana-pro"\nsize = "4K"\nusd = 0.07\ncny = "0.41"\n'
        'as_of = 2026-01-01\n\n[[price]]\nprovider = "custom"\nmodel = "my-own-model"\nusd = "0.011"\n'
        '\n[[price]]\nprovider = "openrouter"\nmodel = "*"\nusd = "0.14"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("NB_BANANA_PRICES", str(path))
    assert price("pro", "4K", "apiyi").amount == Decimal("0.07")
    assert price("pro", "4K", "apiyi").source == str(path)
    assert price("pro", "2K", "apiyi", "2026-11-01").amount == Decimal("0.09")
    assert price("pro", "4K", "apiyi", SEED_DAY).amount == Decimal("0.050")
    assert price("my-own-model", None, "custom").amount == Decimal("0.011")
    assert price("pro", "4K", "openrouter").amount == Decimal("0.14")
    assert estimate("pro", "4K", 10).cost_cny == Cost(Decimal("4.1"), "CNY", True, str(path), "2026-01-01")


@pytest.mark.parametrize("named", ["nano-banana-pro", "*"])
def test_the_users_prices_by_token_come_before_our_prices_by_picture(monkeypatch, tmp_path, named):
    """A row by token in the user's file decides over the book's price of a picture, and a price of their own over both."""
    row = f'provider = "google"\nmodel = "{named}"\n'
    by_token = f'[[token_price]]\n{row}text_in = "2"\nimage_in = "2"\nimage_out = "120"\n'
    path = tmp_path / "mine.toml"
    path.write_text(f'{by_token}[[price]]\n{row}size = "1K"\nusd = "0.5"\n')
    monkeypatch.setenv("NB_BANANA_PRICES", str(path))
    assert price("pro", "4K", "google").amount == Decimal("0.24") == 2000 * Decimal("120") / 1_000_000
    assert price("pro", "4K", "google").source == estimate("pro", "4K", provider="google").rate.source == str(path)
    assert price("pro", "1K", "google").amount == Decimal("0.5")
    assert estimate("pro", "1K", provider="google").rate is None


def test_an_edited_price_file_counts_at_once(monkeypatch, tmp_path):
    """No restart is needed after correcting a price."""
    path = tmp_path / "prices.toml"
    monkeypatch.setenv("NB_BANANA_PRICES", str(path))
    for amount in ("0.01", "0.0200"):
        path.write_text(f'[[price]]\nprovider = "apiyi"\nmodel = "pro"\nusd = "{amount}"\n')
        assert price("pro").amount == Decimal(amount)


def test_prices_are_found_in_the_config_folder(monkeypatch, tmp_path):
    """Without the variable, prices.toml in the user's config folder counts."""
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_, **__: tmp_path)
    (tmp_path / "prices.toml").write_text('[[price]]\nprovider = "apiyi"\nmodel = "pro"\nusd = "0.03"\n')
    assert price("pro").amount == Decimal("0.03")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b'[[price]]\nprovider = "apiyi"\nmodel = "pro"\n', "'usd'"),
        (b'[[price]]\nprovider = "apiyi"\nmodel = "pro"\nusd = "cheap"\n', "money"),
        (b'[[price]]\nprovider = "apiyi"\nmodel = "pro"\nusd = -1\n', "money"),
        (b'[[price]]\nprovider = "apiyi"\nmodel = "pro"\nusd = 1\nas_of = "soon"\n', "'soon'"),
        (b'[[prices]]\nprovider = "apiyi"\nmodel = "pro"\nusd = 1\n', "price or token_price"),
        (b'[price]\nprovider = "apiyi"\nmodel = "pro"\nusd = 1\n', "[[price]]"),
        (b'[[price]]\nprovider = "apiyi"\nmodel = "pro"\nusd = 1\nsizes = "4K"\n', "'sizes'"),
        (b'[[price]]\nprovider = "apiyi"\nmodel = "pro"\nusd = 1\nsize = "2k"\n', "2K"),
        (b'[[price]]\nprovider = "api-yi"\nmodel = "pro"\nusd = 1\n', "apiyi"),
        (b'[[price]]\nprovider = "apiyi"\nmodel = "pro"\nusd = 1\ncertain = "no"\n', "true or false"),
        (b'[[token_price]]\nprovider = "apiyi"\nmodel = "pro"\ntext_in = 1\nimage_in = 1\nimage_out = 1\nsize = "2K"\n', "'size'"),
        (b"price = 3\n", "[[price]]"),
        (b"price = [1]\n", "[[price]]"),
        (b"[[price]\n", ""),
        (b"\xff\xfe\x00", ""),
    ],
)
def test_a_broken_price_file_is_named(monkeypatch, tmp_path, content, word):
    """A typo in the file is reported with the file's path and the reason, instead of a wrong price."""
    path = tmp_path / "prices.toml"
    path.write_bytes(content)
    monkeypatch.setenv("NB_BANANA_PRICES", str(path))
    with pytest.raises(errors.InvalidRequestError) as caught:
        price("pro")
    assert str(path) in str(caught.value)
    assert word in str(caught.value)


def test_what_can_match_nothing_here_does_no_harm_in_a_price_file(monkeypatch, tmp_path):
    """A title above the tables, a note beside a price and a row of somebody's plugin that is not installed: the other rows hold."""
    path = tmp_path / "prices.toml"
    own = '[[price]]\nprovider = "{}"\nmodel = "pro"\nusd = "0.03"\nnote = "by contract"\n'
    path.write_text('title = "mine"\n' + own.format("mygateway") + own.format("apiyi"))
    monkeypatch.setenv("NB_BANANA_PRICES", str(path))
    assert price("pro").amount == Decimal("0.03")


def test_a_missing_price_file_is_named(monkeypatch, tmp_path):
    """A file the user named must exist."""
    monkeypatch.setenv("NB_BANANA_PRICES", str(tmp_path / "none.toml"))
    with pytest.raises(errors.InvalidRequestError, match=r"none\.toml"):
        price("pro")


# --- the table ----------------------------------------------------------------------------------


def test_the_table_of_models():
    """One row per model, with the provider's ids and prices of the day, readable as plain text."""
    table = models("apiyi", "2026-11-01")
    assert [row.nickname for row in table] == [info.nickname for info in MODELS.values()]
    assert (len(table), table[0].id) == (7, "gemini-3-pro-image-preview")
    head, rule, *rows, caption = repr(table).splitlines()
    assert head.startswith("name")
    assert set(rule) == {"─", " "}
    assert len(rows) == 7
    assert "$0.09" in rows[0] and "by token" in rows[5]
    assert "unknown" in rows[4]
    assert "https://docs.apiyi.com/" in caption
    assert max(map(len, rows)) <= 160


def test_the_table_is_aligned_in_chinese_too():
    """Wide characters take two columns, so columns still line up."""
    with speaking("zh"):
        head, rule, *_ = repr(models()).splitlines()
    assert "名称" in head
    bars = rule.split("  ")
    assert len(bars) == 8


def test_the_table_is_markdown_in_a_notebook():
    """A notebook gets Markdown and plain text, never HTML."""
    bundle = models()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/markdown"}
    lines = bundle["text/markdown"].splitlines()
    assert {line.count("|") for line in lines[:7]} == {9}


def test_prices_in_a_notebook_are_no_formula():
    """JupyterLab typesets what stands between two $, and whole rows of prices were lost in it."""
    assert "$" in models().to_markdown()
    assert "$" not in "".join(models().to_markdown().split("`")[::2])


def test_the_table_becomes_a_dataframe():
    """Researchers get the same cells as a pandas frame."""
    frame = models("google").to_dataframe()
    assert frame.shape == (7, 8)
    assert frame["id"].iloc[0] == "gemini-3-pro-image"


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_nearest_ratio_is_the_nearest(width, height):
    """Any picture gets a ratio on offer, and no other is closer to it."""

    def distance(ratio):
        across, down = map(int, ratio.split(":"))
        return abs(log(across / down) - log(width / height))

    for info in (PRO, MODELS["gemini-3.1-flash-image"]):
        nearest = info.nearest_ratio(width, height)
        assert distance(nearest) == pytest.approx(min(map(distance, info.aspect_ratios)))


def test_models_are_looked_up_by_any_name_and_listed_by_id():
    """`nb.MODELS` understands nicknames, titles and ids to send, however they are spelled; it lists each model once."""
    for name in ("nano-banana-pro", "Nano Banana Pro", "gemini-3-pro-image", "gemini-3-pro-image-preview", "pro"):
        assert MODELS[name] is PRO and name in MODELS and MODELS.get(name) is PRO, name
    assert list(MODELS) == [info.id for info in MODELS.values()] and len(set(MODELS)) == len(MODELS)
    with pytest.raises(KeyError, match=r"no-such.*nb\.models\(\)"):
        MODELS["no-such"]
    assert "no-such" not in MODELS and MODELS.get("no-such") is None and 7 not in MODELS
