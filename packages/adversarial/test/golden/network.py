"""The small classifier of the golden tests, in PyTorch, with weights and pictures from a formula that the tests repeat."""

import json
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
SIDE, CLASSES = 12, 4

torch.set_default_dtype(torch.float64)


def noise(count: int, stream: int) -> np.ndarray:
    """Numbers in [-1, 1), float32: Knuth's multiplicative hash of the index (golden-noise.ts has the same)."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(stream * 1_000_003 + 1)
    mixed = (index * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    mixed ^= mixed >> np.uint64(15)
    mixed = (mixed * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    mixed ^= mixed >> np.uint64(13)
    return ((mixed >> np.uint64(8)).astype(np.float64) * 2.0**-23 - 1.0).astype(np.float32)


def tensor(shape: tuple[int, ...], stream: int, scale: float = 1.0, offset: float = 0.0) -> torch.Tensor:
    values = noise(int(np.prod(shape)), stream).astype(np.float64) * scale + offset
    return torch.tensor(values.astype(np.float32).astype(np.float64)).reshape(shape)


# name: (kernel size, stride, zeros around, pool)
NETWORKS = {"pooled": (3, 1, 0, 2), "strided": (4, 2, 1, 1)}
FILTERS, HIDDEN = (3, 4), 12


def parameters(name: str) -> list[torch.Tensor]:
    """Kernel and bias of conv 1, conv 2, hidden and logits, in tfjs's layout: [height, width, in, out], [in, out]."""
    size, stride, zeros, pool = NETWORKS[name]
    side = SIDE
    for _ in FILTERS:
        side = (side + 2 * zeros - size) // stride + 1
    rows = (side // pool) ** 2 * FILTERS[1]
    shapes = [(size, size, 1, FILTERS[0]), (size, size, FILTERS[0], FILTERS[1]), (rows, HIDDEN), (HIDDEN, CLASSES)]
    weights = []
    for i, shape in enumerate(shapes):
        fan_in = int(np.prod(shape[:-1]))
        weights.append(tensor(shape, 10 + 2 * i, scale=2.5 / fan_in**0.5))
        weights.append(tensor((shape[-1],), 11 + 2 * i, scale=0.1))
    return weights


def predict(name: str, p: list[torch.Tensor], images: torch.Tensor) -> torch.Tensor:
    """Logits [B, classes] of images [B, height, width, 1]."""
    _, stride, zeros, pool = NETWORKS[name]
    x = images.permute(0, 3, 1, 2)
    for kernel, bias in ((p[0], p[1]), (p[2], p[3])):
        x = torch.relu(torch.nn.functional.conv2d(x, kernel.permute(3, 2, 0, 1), bias, stride=stride, padding=zeros))
    if pool > 1:
        x = torch.nn.functional.max_pool2d(x, pool)
    x = x.permute(0, 2, 3, 1).flatten(1)
    return torch.relu(x @ p[4] + p[5]) @ p[6] + p[7]


def pictures(count: int) -> torch.Tensor:
    return tensor((count, SIDE, SIDE, 1), 1, scale=0.5, offset=0.5)


def write(file: str, value, indent: int | None = 1) -> None:
    (HERE / file).write_text(json.dumps(value, indent=indent) + "\n")
