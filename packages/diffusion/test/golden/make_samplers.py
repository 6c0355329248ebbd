"""Golden values of one step of each sampler, by NumPy in float64.

Run `python make_samplers.py` here (NumPy). Each step is written in the letters of its own paper or of k-diffusion, which are not
those of the package: betas and products for DDPM and DDIM, `x / alpha` and `sigma / alpha` for k-diffusion and EDM, lambda for
DPM-Solver++. Pictures, predictions and noise come from a formula that the tests repeat.
"""

import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
T, COUNT = 1000, 6
BAR = np.cumprod(1 - np.linspace(1e-4, 0.02, T))


def noise(count: int, stream: int) -> np.ndarray:
    """Numbers in [-1, 1), float32: Knuth's multiplicative hash of the index (golden-noise.ts has the same)."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(stream * 1_000_003 + 1)
    mixed = (index * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    mixed ^= mixed >> np.uint64(15)
    mixed = (mixed * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    mixed ^= mixed >> np.uint64(13)
    return ((mixed >> np.uint64(8)).astype(np.float64) * 2.0**-23 - 1.0).astype(np.float32)


XT, X0, X0_BEFORE, Z = (noise(COUNT, stream).astype(np.float64) for stream in (1, 2, 3, 4))


def bar(t):
    """The product of 1 - beta; 1 for the picture itself, t = -1."""
    return 1.0 if t < 0 else BAR[t]


def epsilon(t):
    return (XT - np.sqrt(bar(t)) * X0) / np.sqrt(1 - bar(t))


def ddpm(t, s, variance):
    """Ho et al. 2020, equations 7 and 11, with the beta of the whole stretch (Nichol & Dhariwal 2021, equation 19)."""
    beta = 1 - bar(t) / bar(s)
    mean = (XT - beta / np.sqrt(1 - bar(t)) * epsilon(t)) / np.sqrt(1 - beta)
    posterior = (1 - bar(s)) / (1 - bar(t)) * beta
    std = 0.0 if s < 0 else np.sqrt(dict(posterior=posterior, transition=beta)[variance])
    return mean + std * Z


def ddim(t, s, eta):
    """Song et al. 2021, equations 12 and 16."""
    sigma = eta * np.sqrt((1 - bar(s)) / (1 - bar(t))) * np.sqrt(1 - bar(t) / bar(s))
    return np.sqrt(bar(s)) * X0 + np.sqrt(1 - bar(s) - sigma**2) * epsilon(t) + sigma * Z


def k_sigma(t):
    return np.sqrt((1 - bar(t)) / bar(t))


def euler_ancestral(t, s):
    """k-diffusion, get_ancestral_step and sample_euler_ancestral; x there is x / alpha."""
    now, then = k_sigma(t), k_sigma(s)
    up = min(then, (then**2 * (now**2 - then**2) / now**2) ** 0.5)
    down = (then**2 - up**2) ** 0.5
    x = XT / np.sqrt(bar(t))
    x = x + (x - X0) / now * (down - now) + Z * up
    return np.sqrt(bar(s)) * x


def dpm_solver_2m(r, t, s):
    """Lu et al. 2022, DPM-Solver++, Algorithm 2, line 8; r is the timestep before t, or None in the first step."""
    alpha, sigma = (lambda t: np.sqrt(bar(t))), (lambda t: np.sqrt(1 - bar(t)))
    if s < 0:
        return X0
    lam = lambda t: np.log(alpha(t) / sigma(t))
    h = lam(s) - lam(t)
    D = X0
    if r is not None:
        ratio = (lam(t) - lam(r)) / h
        D = (1 + 1 / (2 * ratio)) * X0 - 1 / (2 * ratio) * X0_BEFORE
    return sigma(s) / sigma(t) * XT - alpha(s) * (np.exp(-h) - 1) * D


def dpm_solver_sde(r, t, s, eta):
    """k-diffusion, sample_dpmpp_2m_sde, solver_type midpoint."""
    now, then = k_sigma(t), k_sigma(s)
    if s < 0:
        return X0
    h = np.log(now) - np.log(then)
    eta_h = eta * h
    x = then / now * np.exp(-eta_h) * XT / np.sqrt(bar(t)) + -np.expm1(-h - eta_h) * X0
    if r is not None:
        ratio = (np.log(k_sigma(r)) - np.log(now)) / h
        x = x + 0.5 * -np.expm1(-h - eta_h) * (1 / ratio) * (X0 - X0_BEFORE)
    x = x + Z * then * np.sqrt(-np.expm1(-2 * eta_h))
    return np.sqrt(bar(s)) * x


MEAN, STD = 0.3, 0.5


def heun(ts):
    """Karras et al. 2022, Algorithm 1, for normal pictures, of which the best denoiser is known; from XT."""
    sigmas = [k_sigma(t) for t in ts]
    D = lambda x, sigma: (sigma**2 * MEAN + STD**2 * x) / (STD**2 + sigma**2)
    x = XT / np.sqrt(bar(ts[0]))
    for now, then in zip(sigmas[:-1], sigmas[1:]):
        d = (x - D(x, now)) / now
        following = x + (then - now) * d
        if then != 0:
            d_there = (following - D(following, then)) / then
            following = x + (then - now) * (d / 2 + d_there / 2)
        x = following
    return np.sqrt(bar(ts[-1])) * x


PAIRS = [(999, 998), (500, 499), (1, 0), (0, -1), (999, 749), (400, 100), (99, -1)]

golden = dict(
    ddpm=[
        dict(t=t, s=s, variance=variance, xs=ddpm(t, s, variance).tolist())
        for t, s in PAIRS
        for variance in ("posterior", "transition")
    ],
    ddim=[dict(t=t, s=s, eta=eta, xs=ddim(t, s, eta).tolist()) for t, s in PAIRS for eta in (0, 0.4, 1)],
    eulerAncestral=[dict(t=t, s=s, xs=euler_ancestral(t, s).tolist()) for t, s in PAIRS],
    dpmSolver=[
        dict(r=r, t=t, s=s, eta=eta, xs=xs.tolist())
        for r, t, s in ((None, 999, 749), (999, 749, 400), (500, 499, 498), (100, 40, -1))
        for eta, xs in (
            (0, dpm_solver_2m(r, t, s)),
            (0.4, dpm_solver_sde(r, t, s, 0.4)),
            (1, dpm_solver_sde(r, t, s, 1)),
        )
    ],
    heun=[dict(ts=ts, mean=MEAN, std=STD, xs=heun(ts).tolist()) for ts in ([999, 500], [400, 100, -1], [30, -1])],
)
(HERE / "samplers.json").write_text(json.dumps(golden) + "\n")
