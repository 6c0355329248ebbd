"""Golden values of the distances, by NumPy and SciPy in float64.

Run `python make_golden.py` here (NumPy, SciPy). Features come from a formula that the tests repeat, so that only
results are stored. Written from the papers, each in its plainest form: distances by differences, not by products.
"""

import json
from pathlib import Path

import numpy as np
from scipy.linalg import sqrtm
from scipy.special import logsumexp

HERE = Path(__file__).parent


def features(count, size, phase):
    """The same float32 numbers as features() in features.ts: noise that narrows with the phase, correlated columns, a shift."""
    i, d = np.meshgrid(np.arange(count), np.arange(size), indexing="ij")
    noise = (np.sin(i * 12.9898 + d * 78.233 + phase) * 43758.5453) % 1
    shared = np.sin(i * 0.7 + phase)
    return (noise / (1 + phase) + shared * np.cos(d) + 0.1 * phase).astype(np.float32).astype(np.float64)


def frechet(x, y):
    gap = x.mean(0) - y.mean(0)
    s1, s2 = np.cov(x.T), np.cov(y.T)
    return float(gap @ gap + np.trace(s1 + s2 - 2 * sqrtm(s1 @ s2).real))


def kernel(x, y):
    k = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    off = lambda g: (g.sum() - np.trace(g)) / (len(g) * (len(g) - 1))
    return float(off(k(x, x)) + off(k(y, y)) - 2 * k(x, y).mean())


def distances(x, y):
    return np.sqrt(((x[:, None] - y[None]) ** 2).sum(-1))


def manifold(x, y, k):
    radius = lambda a: np.sort(distances(a, a), 1)[:, k]
    d, rx, ry = distances(x, y), radius(x), radius(y)
    inside = d <= ry[None]
    return {
        "precision": float(inside.any(1).mean()),
        "recall": float((d <= rx[:, None]).any(0).mean()),
        "density": float(inside.sum(1).mean() / k),
        "coverage": float(inside.any(0).mean()),
    }


def parzen(samples, rows, sigma):
    size = samples.shape[1]
    exponents = -distances(rows, samples) ** 2 / (2 * sigma**2)
    return logsumexp(exponents, 1) - np.log(len(samples)) - size * np.log(sigma * np.sqrt(2 * np.pi))


def score(p):
    return float(np.exp((p * (np.log(p) - np.log(p.mean(0)))).sum(1).mean()))


cases = []
for count, other, size, phase, k in [(200, 150, 8, 0.5, 3), (300, 300, 64, 0.05, 5), (180, 260, 128, 0.1, 5)]:
    x, y = features(count, size, phase), features(other, size, 0.0)
    near = distances(x, y)
    sigmas = np.logspace(-1, 0, 10)
    sigma = sigmas[np.argmax([parzen(x, y[:50], s).mean() for s in sigmas])]
    test = parzen(x, y[50:], sigma)
    cases.append(
        {
            "count": count,
            "other": other,
            "size": size,
            "phase": phase,
            "neighbours": k,
            "frechet": frechet(x, y),
            "kernel": kernel(x, y),
            "manifold": manifold(x, y, k),
            "nearest": {"indices": near.argmin(1).tolist()[:20], "distances": near.min(1).tolist()[:20]},
            "parzen": {
                "sigma": float(sigma),
                "logLikelihood": float(test.mean()),
                "standardError": float(test.std() / np.sqrt(len(test))),
            },
            "covarianceRow": np.cov(x.T)[1].tolist()[:8],
        }
    )

logits = features(200, 10, 0.3) * 3
p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
p = p.astype(np.float32).astype(np.float64)
counts = np.bincount(p.argmax(1), minlength=10)
shares = counts[counts > 0] / 200
classes = {
    "score": score(p),
    "histogram": counts.tolist(),
    "entropy": float(-(shares * np.log(shares)).sum() / np.log(10)),
    "confidence": float(p.max(1).mean()),
}

(HERE / "distances.json").write_text(json.dumps({"cases": cases, "classes": classes}, indent=1) + "\n")
