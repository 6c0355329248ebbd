"""Writes the golden files beside this script. Needs numpy, jax and torch; the tests don't."""

import hashlib
import json
import pathlib

import jax.numpy as jnp
import numpy as np
import torch
from jax.extend.random import threefry_2x32

here = pathlib.Path(__file__).parent


def write(name, content):
    (here / name).write_text(json.dumps(content) + "\n")


def threefry_words(key, count):
    """Blocks [b, 0] of the key: all first words before all second words."""
    half = (count + 1) // 2
    counters = np.concatenate([np.arange(half), np.zeros(half)]).astype(np.uint32)
    return np.asarray(threefry_2x32(jnp.array(np.array(key, np.uint32)), jnp.array(counters)))[:count]


def threefry_cases():
    for key in ([0, 0], [0x12345678, 0x9ABCDEF0], [0xFFFFFFFF, 0xFFFFFFFF], [7, 0]):
        for count in (1, 2, 9, 40):
            yield {"key": key, "words": threefry_words(key, count).tolist()}


def threefry_large(count=100_001):
    """sha256 of the little-endian float32 numbers in [0, 1)."""
    key = [0xDEADBEEF, 42]
    uniform = ((threefry_words(key, count) >> 8).astype(np.float64) * 2.0**-24).astype("<f4")
    return {"key": key, "count": count, "sha256": hashlib.sha256(uniform.tobytes()).hexdigest()}


def adam_case(steps=25, **options):
    """A quadratic with fixed targets, in float64; parameters and moments after each step."""
    rng = np.random.default_rng(2)
    start, target = (np.float32(rng.normal(size=(3, 5)) * 3).astype(np.float64) for _ in range(2))
    parameter = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.Adam([parameter], **options)
    trace = []
    for _ in range(steps):
        optimizer.zero_grad()
        (0.5 * ((parameter - torch.tensor(target)) ** 2).sum()).backward()
        optimizer.step()
        state = optimizer.state[parameter]
        trace.append([x.detach().flatten().tolist() for x in (parameter, state["exp_avg"], state["exp_avg_sq"])])
    options = {"learningRate": options["lr"], "beta1": options["betas"][0], "beta2": options["betas"][1]} | {
        "epsilon": options["eps"]
    }
    return {"options": options, "start": start.flatten().tolist(), "target": target.flatten().tolist(), "trace": trace}


write("threefry.json", {"cases": list(threefry_cases()), "large": threefry_large()})
write(
    "adam.json",
    [adam_case(lr=0.05, betas=(0.9, 0.999), eps=1e-8), adam_case(lr=0.002, betas=(0.5, 0.9), eps=1e-3)],
)
