"""Votes by people of whom everything is known, and what is to be found in them, worked out by other means."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from nb_banana import Vote

NAMES = ("A", "B", "C")
STRENGTHS = np.array([0.6, 0.1, -0.7])
TIE = 0.3
SIDE = 0.3
PAIRS = ((0, 1), (0, 2), (1, 2))


def vote(at, left="A", right="B", choice="left", **more):
    """One vote on a prompt of its own."""
    return Vote(str(at), more.pop("unit", f"u{at}"), left, right, choice, **more)


def several(**counts):
    """Votes on A (left) and B (right) by what was chosen, each on a prompt of its own."""
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    return [vote(at, choice=kind) for at, kind in enumerate(kinds)]


def odds(left, right, side):
    """Of left, right and neither, by Davidson's model with a lean to the left."""
    one, other = np.exp(left + side), np.exp(right)
    return np.stack([one, other, 2 * TIE * np.sqrt(one * other)])


def votes(random, units, raters=1, varied=0.0, side=SIDE):
    """Every pair of every unit judged by all, sides shuffled; what is strong varies by ``varied`` among units."""
    own = STRENGTHS + varied * random.normal(size=(units, 3))
    found = []
    for pair in PAIRS:
        sides = random.permuted(np.tile(pair, (units, raters, 1)), axis=2)
        chances = odds(*(np.take_along_axis(own[:, None, :], sides[:, :, [at]], 2)[:, :, 0] for at in (0, 1)), side)
        drawn = random.random((units, raters)) * chances.sum(axis=0)
        chosen = (drawn[None] > np.cumsum(chances, axis=0)).sum(axis=0)
        found += [
            vote(f"{pair}{unit}-{rater}", NAMES[sides[unit, rater, 0]], NAMES[sides[unit, rater, 1]],
                 ("left", "right", "tie")[chosen[unit, rater]], unit=f"u{unit}", rater=str(rater))
            for unit in range(units) for rater in range(raters)
        ]  # fmt: skip
    return found


def truth(varied, side=SIDE):
    """Strengths, shares of the first of each pair, and the lean that endless votes would show."""
    own = STRENGTHS + varied * np.random.default_rng(0).normal(size=(50_000, 3))
    first = [(odds(own[:, i], own[:, j], side), odds(own[:, j], own[:, i], side)[[1, 0, 2]]) for i, j in PAIRS]
    seen = np.array([[(one / one.sum(axis=0)).mean(axis=1) for one in both] for both in first])  # pair, order, outcome

    def ties_too(found):
        s = np.append(found[:2], -found[:2].sum())
        model = np.array([[s[i], s[j], found[2] + (s[i] + s[j]) / 2] for i, j in PAIRS])
        return -(seen.mean(axis=1) * (model - np.log(np.exp(model).sum(axis=1, keepdims=True)))).sum()

    def decided(found):
        ahead = np.array([[found[i] - found[j] + lean for lean in (found[3], -found[3])] for i, j in PAIRS])
        return (seen[..., 0] * np.log1p(np.exp(-ahead)) + seen[..., 1] * np.log1p(np.exp(ahead))).sum()

    strengths = minimize(ties_too, np.zeros(3)).x[:2]
    shares = seen.mean(axis=1) @ (1, 0, 0.5)
    return np.append(strengths, -strengths.sum()), shares, minimize(decided, np.zeros(4)).x[3]
