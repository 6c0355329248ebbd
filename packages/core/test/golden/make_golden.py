"""Writes the golden files beside this script. Needs numpy, jax, torch and safetensors; the tests don't."""

import json
import pathlib

import jax.numpy as jnp
import numpy as np
import torch
from jax.extend.random import threefry_2x32
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent


def write(name, content):
    (here / name).write_text(json.dumps(content) + "\n")


def threefry_cases():
    rng = np.random.default_rng(1)
    for _ in range(20):
        key = rng.integers(0, 2**32, 2, dtype=np.uint32)
        counter = rng.integers(0, 2**32, 2, dtype=np.uint32)
        out = threefry_2x32(jnp.array(key), jnp.array(counter))
        yield {"key": key.tolist(), "counter": counter.tolist(), "out": np.asarray(out).tolist()}


def threefry_stream(count=9):
    """The lab's layout: blocks [b, 0], all first words before all second words."""
    key = np.array([0x12345678, 0x9ABCDEF0], np.uint32)
    half = (count + 1) // 2
    counters = np.concatenate([np.arange(half), np.zeros(half)]).astype(np.uint32)
    words = np.asarray(threefry_2x32(jnp.array(key), jnp.array(counters)))
    u1 = ((words[:half] >> 8).astype(np.float64) + 1) * 2.0**-24
    u2 = (words[half:] >> 8).astype(np.float64) * 2.0**-24
    radius = np.sqrt(-2 * np.log(u1))
    normal = np.concatenate([radius * np.cos(2 * np.pi * u2), radius * np.sin(2 * np.pi * u2)])
    return {
        "key": key.tolist(),
        "bits": words[:count].tolist(),
        "uniform": ((words[:count] >> 8).astype(np.float64) * 2.0**-24).tolist(),
        "normal": normal[:count].tolist(),
    }


def optimizer_case(make, dtype, steps=12, rate=None):
    """Two parameters of a quadratic with fixed targets; gradients are exact, so only the update rule is compared."""
    rng = np.random.default_rng(2)
    starts = [rng.normal(size=(3, 4)), rng.normal(size=(5,)) * 10]
    targets = [rng.normal(size=(3, 4)), rng.normal(size=(5,))]
    params = [torch.tensor(np.float32(s), dtype=dtype, requires_grad=True) for s in starts]
    goals = [torch.tensor(np.float32(t), dtype=dtype) for t in targets]
    optimizer = make(params)
    trace = []
    for step in range(1, steps + 1):
        if rate is not None:
            optimizer.param_groups[0]["lr"] = rate(step)
        optimizer.zero_grad()
        sum(0.5 * ((p - g) ** 2).sum() for p, g in zip(params, goals)).backward()
        optimizer.step()
        trace.append([p.detach().double().flatten().tolist() for p in params])
    return {
        "starts": [np.float32(s).flatten().tolist() for s in starts],
        "targets": [np.float32(t).flatten().tolist() for t in targets],
        "shapes": [list(np.shape(s)) for s in starts],
        "trace": trace,
    }


def scheduled_momentum(steps=12):
    """Classical momentum with both schedules, in float64 by hand: PyTorch's differs when the rate changes."""
    case = optimizer_case(lambda p: torch.optim.SGD(p, lr=0.0), torch.float64, steps)
    params = [np.array(s) for s in case["starts"]]
    velocity = [np.zeros_like(p) for p in params]
    trace = []
    for step in range(1, steps + 1):
        rate, momentum = 0.1 / 1.1**step, min(0.5 + 0.02 * step, 0.7)
        for i, target in enumerate(case["targets"]):
            velocity[i] = momentum * velocity[i] - rate * (params[i] - np.array(target))
            params[i] = params[i] + velocity[i]
        trace.append([p.tolist() for p in params])
    return {**case, "trace": trace}


def float16_cases():
    rng = np.random.default_rng(3)
    bits = rng.integers(0, 2**32, 400, dtype=np.uint64).astype(np.uint32)
    near = (rng.normal(size=400) * 10.0 ** rng.integers(-9, 6, 400)).astype(np.float32)
    edges = np.array([0.0, -0.0, 65504, 65519.99, 65520, 2.0**-24, 2.0**-25, 2.0**-25 * 1.0001, 2.0**-14], np.float32)
    halves = np.concatenate([np.arange(0, 0x7C00, 97).astype(np.uint16).view(np.float16).astype(np.float32)])
    ties = (halves[:-1] + halves[1:]) / 2
    values = np.concatenate([bits.view(np.float32), near, edges, halves, ties])
    values = values[np.isfinite(values)]
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float16).view(np.uint16)
    return {"float32Bits": values.view(np.uint32).tolist(), "float16Bits": rounded.tolist()}


def safetensors_file():
    tensors = {
        "layer/kernel": np.arange(6, dtype=np.float32).reshape(2, 3) / 7,
        "half": np.array([0.1, -2.5, 65504, 6e-8, np.inf], np.float16),
        "double": np.array([[np.pi]], np.float64),
        "ints": np.array([-1, 2**31 - 1], np.int32),
        "long": np.array([2**53 + 1], np.int64),
        "bytes": np.array([0, 255], np.uint8),
        "flags": np.array([True, False, True]),
        "scalar": np.array(3, np.int32),
        "empty": np.zeros((0, 4), np.float32),
        "größe 数": np.array([1.5], np.float32),
    }
    save_file(tensors, here / "python.safetensors", metadata={"written by": "Python", "größe": "数"})
    described = {
        name: {"shape": list(a.shape), "values": [str(v) if a.dtype == np.int64 else float(v) for v in a.flatten()]}
        for name, a in tensors.items()
    }
    described["half"]["values"][-1] = "Infinity"
    write("python-safetensors.json", described)


adam = lambda p: torch.optim.Adam(p, lr=0.05)
write("threefry.json", {"cases": list(threefry_cases()), "stream": threefry_stream()})
write("adam.json", {"float64": optimizer_case(adam, torch.float64), "float32": optimizer_case(adam, torch.float32)})
write(
    "adam-options.json",
    optimizer_case(
        lambda p: torch.optim.Adam(p, lr=0.0, betas=(0.5, 0.9), eps=1e-3), torch.float64, rate=lambda s: 0.1 / s
    ),
)
write("sgd.json", optimizer_case(lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.7), torch.float64))
write("sgd-scheduled.json", scheduled_momentum())
write("float16.json", float16_cases())
safetensors_file()
