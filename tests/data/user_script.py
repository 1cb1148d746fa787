"""What people write with nb_banana. mypy --strict and pyright (strict) accept all of it, and refuse what is in `wrong`."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import nb_banana as nb
from nb_banana import EditResult, Endpoint, NanoBananaError, Session, errors, widgets
from nb_banana.errors import BudgetError, RateLimitError, SafetyError


def edits(photo: Path) -> EditResult:
    """One edit after the other, and what stands in a result."""
    night = nb.edit(photo, "Make it night", model="nano-banana-2", aspect_ratio="16:9", image_size="2K")
    tomorrow = nb.edit([photo, night], "Put both side by side", model="a-model-of-tomorrow", aspect_ratio="7:5", take="next", takes=2)
    made = nb.generate("A banana", seed=7, extra={"quality": "high"}, fresh=True)
    saved: Path = made.save("banana.png", provenance=True)
    width, height = night.image.shown_size
    dollars: Decimal | None = night.cost.amount
    names: list[str] = [one.model for one in (night, *tomorrow.takes)]
    changed = night.changes((0.1, 0.1, 0.5, 0.5))
    share: float = changed.change.outside if changed else 0.0
    print(saved.name, width * height, dollars, names, share, night.warnings, night.turn, nb.read_provenance(saved))
    print(night.to_python(), night.to_curl(), night.summary(), night.composite().to_pil().size, night.share("both.png", lang="zh"))
    return night


def chains(photo: Path) -> nb.Chain:
    """Step by step, and back."""
    steps = nb.chain(photo).edit("Add a hat").edit("Make it red", context="conversation", mask=(0.2, 0.2, 0.4, 0.4))
    steps = steps.merge(1, 2).undo().rerun(model="flash")
    drifts: list[float] = [one.structure for one in steps.drift]
    print(len(steps), drifts, steps.cost, steps.export("chain.zip"), nb.Chain.load("chain.zip").result.text)
    return steps


def comparisons(photos: list[Path]) -> Iterator[str]:
    """A plan, its price, its run, its figures."""
    plan = nb.compare(
        photos, {"day": "Make it day", "steps": ["Make it day", "Add a sun"]}, models=["nano-banana-pro", None], image_sizes="1K",
        endpoints={"mine": Endpoint.sandbox(), "apiyi": "apiyi"}, wires=["gemini", "openai"], seeds=[1, 2], takes=2,
        replace={"day": ["night"]},
    )  # fmt: skip
    print(plan.estimate(concurrency=2).cost)
    with ThreadPoolExecutor(2) as pool:
        plan.run(2, executor=pool, order="plan")
    done = plan.run(order="spread").start().wait(timeout=60)
    for cell, result in zip(done.cells, done.results, strict=True):
        yield f"{cell.prompt}: {result.model if result else 'nothing'}"
    done.score(nb.measures.ssim(), nb.measures.changed, against="input")
    done.show(page="all")
    done.export("report.html", by="model", lang="en")
    judge = nb.Judge("gpt-4.1", endpoint=Endpoint.openai("sk-of-mine"), protocol="edit-pair", price="0.01")
    print(done.judge(judge, budget=1, by="model", dry_run=True), done.contrast("ssim", by="model"), done.summary("ssim", unit="image"))
    done.rate("model", mode="pairs", pairing="adaptive", criteria=["follows", "keeps"], lang="zh")
    votes = nb.Votes.load("votes.jsonl")
    print(votes.agreement("nominal"), votes.strengths(), len(votes), votes.to_dataframe())
    print(nb.batch(photos, "Make it day", model="nano-banana").run().failed, nb.experiments.wires(photos, ["Make it day"]).estimate())


def money_and_keys(key: str) -> None:
    """Where edits go, and what they cost."""
    print(nb.estimate("nano-banana-pro", "4K", count=50, provider="google").cost, nb.models("openrouter", as_of="2026-01-01"))
    print(nb.MODELS["nano-banana-pro"].aspect_ratios, nb.models()["nano-banana-pro"].pixels("16:9", "2K"))
    mine = nb.session(env=".env", budget="2.50", retries=1)
    print(nb.session(env=Path(".env")).key_source, nb.session(env="keyring").endpoint.key_hint, mine.spent, mine.budget)
    print(nb.session(Endpoint.sandbox(fault="safety", delay=0.1), folder="here", tell=print).ledger)
    mine.use_key(key, provider="google", wire="gemini")
    mine.budget = 3
    own = Endpoint("https://gateway.example", key, wire="images", auth="bearer")
    for endpoint in (own, Endpoint.apiyi(key, wire="openai"), Endpoint.google(key), Endpoint.openrouter(key), Endpoint.from_env()):
        with Session(endpoint, strict=True) as session:
            print(session.with_wire("openai").endpoint.provider.title)
    local = Endpoint.local("http://127.0.0.1:8000", price=0)
    asked: str = input()
    print(nb.Client(local).edit(b"", "x", image_size="512"), nb.generate("x", image_size=asked, aspect_ratio=asked, model=asked).cost)
    print(nb.Client(local, deadline=30).send(nb.EditRequest("A cat", aspect_ratio="1:1")).text)


def careful(photo: Path) -> EditResult | None:
    """What can go wrong has a name and says what to do."""
    try:
        return nb.edit(photo, "Make it night")
    except (SafetyError, BudgetError) as refused:
        print(refused.message, refused.hint, refused.finish_reason)
    except RateLimitError as busy:
        wait: float = busy.retry_after or 0.0
        print(wait)
    except errors.InvalidRequestError as mistake:
        raise SystemExit(str(mistake)) from mistake
    except NanoBananaError as problem:
        print(problem.category, problem.may_be_billed, problem.record_id)
    return None


def shown(photo: Path) -> nb.Panel:
    """The panel and its parts."""
    panel = nb.panel(photo, out="result", lang="zh")
    panel.on_result(lambda result: print(result.caption))
    last: EditResult | None = panel.wait(60)
    chain: nb.Chain | None = panel.chain
    print(last, chain, panel.image, panel.code, nb.history(session=panel.session))
    widgets.Timeline(nb.chain(photo))
    return panel


def benchmarks(folder: Path) -> None:
    """A public benchmark, from a copy to its script."""
    part = nb.bench.load("gedit", folder).subset(20, stratify="task", seed=1)
    plan = part.compare(models=["nano-banana-2"], takes=1)
    written = part.write(plan.run(), "results", method="nano-banana-2")
    print(part.check(written.folder), part.traps, nb.bench.published("gedit"), nb.bench.names)
    figure: Any = nb.measures.psnr()(folder / "a.png", folder / "b.png")
    print(figure, nb.measures.text(), nb.measures.DEFAULT)


async def at_once(photo: Path) -> list[EditResult]:
    """With await."""
    async with nb.AsyncClient(Endpoint.sandbox()) as client:
        first = await client.edit(photo, "Make it night", image_size="1K")
    return [first, *await asyncio.gather(*(nb.session().aedit(photo, words, take=2) for words in ("a", "b")))]


def wrong(photo: Path, plan: nb.Comparison, chain: nb.Chain, votes: nb.Votes) -> None:
    """What a checker refuses: were one of these right to it, the comment beside it would be an error."""
    nb.edit(photo, "x", aspect_ratio=16 / 9)  # type: ignore[arg-type]
    nb.edit(photo, "x", take="last")  # type: ignore[arg-type]
    nb.edit(photo, "x", ratio="16:9")  # type: ignore[call-arg]
    nb.compare(photo, "x", image_sizes=[1024])  # type: ignore[list-item]
    nb.EditRequest("x", aspect_ratio=16)  # type: ignore[arg-type]
    chain.edit("x", context="talk")  # type: ignore[arg-type]
    plan.run(order="random")  # type: ignore[arg-type]
    plan.run(executor="threads")  # type: ignore[arg-type]
    plan.show(page="every")  # type: ignore[arg-type]
    plan.score(against="after")  # type: ignore[arg-type]
    plan.rate(mode="triples")  # type: ignore[arg-type]
    votes.agreement("cardinal")  # type: ignore[arg-type]
    nb.session(budgets=3)  # type: ignore[call-arg]
    nb.session(env=5)  # type: ignore[arg-type]
    nb.panel(photo, lang=1)  # type: ignore[arg-type]
    Endpoint.sandbox(fault=5)  # type: ignore[arg-type]
    print(nb.no_such_name, widgets.Pannel)  # type: ignore[attr-defined]
