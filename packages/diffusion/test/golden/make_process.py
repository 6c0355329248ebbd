"""Golden values of the noise schedules and of what follows from them, by NumPy in float64.

Run `python make_process.py` here (NumPy). Every formula is written as its paper has it, with the papers' timesteps 1 to T.
"""

import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def linear(T):
    return np.linspace(1e-4 * 1000 / T, 0.02 * 1000 / T, T)


def from_alpha_bar(alpha_bar):
    """Betas of the products at 0 to T, as Nichol & Dhariwal 2021 clip them."""
    return np.minimum(1 - alpha_bar[1:] / alpha_bar[:-1], 0.999)


def cosine(T):
    t = np.arange(T + 1)
    f = np.cos((t / T + 0.008) / 1.008 * np.pi / 2) ** 2
    return from_alpha_bar(f / f[0])


def sigmoid(T):
    t = np.arange(T + 1) / T
    s = lambda x: 1 / (1 + np.exp(-x))
    v_start, v_end = s(-3.0), s(3.0)
    return from_alpha_bar((v_end - s(t * 6 - 3)) / (v_end - v_start))


def zero_terminal_snr(betas):
    """Lin et al. 2024, Algorithm 1."""
    sqrt = np.sqrt(np.cumprod(1 - betas))
    first, last = sqrt[0], sqrt[-1]
    sqrt = (sqrt - last) * first / (first - last)
    bar = sqrt**2
    return 1 - np.concatenate([bar[:1], bar[1:] / bar[:-1]])


def tables(betas):
    bar = np.cumprod(1 - betas)
    before = np.concatenate([[1.0], bar[:-1]])
    posterior = betas * (1 - before) / (1 - bar)
    snr = bar / (1 - bar)
    weights = {
        "x0": np.minimum(snr, 5),
        "epsilon": np.minimum(snr, 5) / np.where(snr == 0, 1, snr),
        "v": np.minimum(snr, 5) / (snr + 1),
    }
    return betas, bar, posterior, weights


def case(kind, T, zero, keep):
    betas = dict(linear=linear, cosine=cosine, sigmoid=sigmoid)[kind](T)
    betas, bar, posterior, weights = tables(zero_terminal_snr(betas) if zero else betas)
    index = np.unique(np.linspace(0, T - 1, keep).astype(int))
    return dict(
        options=dict(kind=kind, timesteps=T, zeroTerminalSnr=zero),
        index=index.tolist(),
        betas=betas[index].tolist(),
        alphasCumprod=bar[index].tolist(),
        posteriorVariance=posterior[index].tolist(),
        weights={name: weight[index].tolist() for name, weight in weights.items()},
    )


cases = [
    case(kind, T, zero, keep)
    for kind in ("linear", "cosine", "sigmoid")
    for T, keep in ((30, 30), (1000, 24))
    for zero in (False, True)
]
(HERE / "process.json").write_text(json.dumps(cases) + "\n")
