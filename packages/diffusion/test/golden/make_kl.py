"""Writes kl.json: the divergence of normal distributions from the standard one, by numerical integration of its definition."""

import json
from pathlib import Path

import numpy as np

means = np.array([[0.0, 0.7], [-1.3, 2.1], [0.2, 0.0]])
log_variances = np.array([[0.0, -1.5], [0.4, -3.0], [1.1, -0.2]])

x = np.linspace(-30, 30, 2_000_001)


def log_normal(x, mean, log_variance):
    return -0.5 * (np.log(2 * np.pi) + log_variance + (x - mean) ** 2 / np.exp(log_variance))


def divergence(mean, log_variance):
    log_q = log_normal(x, mean, log_variance)
    return float(np.trapezoid(np.exp(log_q) * (log_q - log_normal(x, 0.0, 0.0)), x))


each = [sum(divergence(m, v) for m, v in zip(*pair)) for pair in zip(means, log_variances)]
golden = {"mean": means.ravel().tolist(), "logVariance": log_variances.ravel().tolist(), "divergence": each}
Path(__file__).with_name("kl.json").write_text(json.dumps(golden) + "\n")
