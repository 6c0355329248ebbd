"""Golden values of the U-Net and of the gradients of its noise loss, by PyTorch in float64.

Run `python make_golden.py` here (PyTorch 2, NumPy). Weights and inputs come from a formula that the tests repeat, so that
only results are stored: the loss, some pixels of the output, and the norm and some entries of every weight's gradient.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
BATCH = 3

torch.set_default_dtype(torch.float64)

CONFIGURATIONS = {
    "default": dict(
        imageSize=28, channels=1, widths=[32, 64, 64], attentionAt=[7], heads=1, timeFeatures=32, embedding=128,
        classes=10, groups=8,
    ),
    "small": dict(
        imageSize=8, channels=2, widths=[8, 16], attentionAt=[8, 4], heads=2, timeFeatures=6, embedding=10, classes=3,
        groups=4,
    ),
}


def noise(count: int, stream: int) -> np.ndarray:
    """Numbers in [-1, 1), float32: Knuth's multiplicative hash of the index (golden-noise.ts has the same)."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(stream * 1_000_003 + 1)
    mixed = (index * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    mixed ^= mixed >> np.uint64(15)
    mixed = (mixed * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    mixed ^= mixed >> np.uint64(13)
    return ((mixed >> np.uint64(8)).astype(np.float64) * 2.0**-23 - 1.0).astype(np.float32)


def tensor(shape, stream: int, scale: float = 1.0, offset: float = 0.0) -> torch.Tensor:
    values = noise(int(np.prod(shape)), stream).astype(np.float64) * scale + offset
    return torch.tensor(values.astype(np.float32).astype(np.float64)).reshape(tuple(shape))


class Weights:
    """Makes each weight when it is first asked for, in tfjs's layout, from the stream of its place in line."""

    def __init__(self):
        self.all: dict[str, dict] = {}

    def get(self, name: str, shape: list[int], scale: float, offset: float = 0.0) -> torch.Tensor:
        stream = 10 + len(self.all)
        value = tensor(shape, stream, scale, offset).requires_grad_()
        self.all[name] = dict(value=value, stream=stream, shape=list(shape), scale=scale, offset=offset)
        return value

    def convolution(self, name, x, out, size=3, stride=1):
        into = x.shape[1]
        kernel = self.get(f"{name}/kernel", [size, size, into, out], 1.5 / math.sqrt(size * size * into))
        bias = self.get(f"{name}/bias", [out], 0.1)
        if stride == 2:  # tfjs's 'same' of an even picture adds a row and column at the end, not at the beginning
            x = F.pad(x, (0, 1, 0, 1))
        return F.conv2d(x, kernel.permute(3, 2, 0, 1).contiguous(), bias, stride=stride, padding=size // 2 if stride == 1 else 0)

    def dense(self, name, x, out):
        kernel = self.get(f"{name}/kernel", [x.shape[1], out], 1.5 / math.sqrt(x.shape[1]))
        return x @ kernel + self.get(f"{name}/bias", [out], 0.1)

    def norm(self, name, x, groups):
        gamma = self.get(f"{name}/gamma", [x.shape[1]], 0.3, 1.0)
        return F.group_norm(x, groups, gamma, self.get(f"{name}/beta", [x.shape[1]], 0.3), eps=1e-5)


def attention(w, name, x, groups, heads):
    batch, width, rows, columns = x.shape
    qkv = w.convolution(f"{name}_qkv", w.norm(f"{name}_norm", x, groups), 3 * width, size=1)
    q, k, v = (
        part.reshape(batch, heads, width // heads, rows * columns).transpose(2, 3) for part in qkv.chunk(3, dim=1)
    )
    mixed = F.scaled_dot_product_attention(q, k, v).transpose(2, 3).reshape(x.shape)
    return x + w.convolution(f"{name}_out", mixed, width, size=1)


def residual(w, name, x, width, told, groups):
    h = w.convolution(f"{name}_conv1", F.silu(w.norm(f"{name}_norm1", x, groups)), width)
    h = h + w.dense(f"{name}_told", told, width)[:, :, None, None]
    h = w.convolution(f"{name}_conv2", F.silu(w.norm(f"{name}_norm2", h, groups)), width)
    return h + (x if x.shape[1] == width else w.convolution(f"{name}_past", x, width, size=1))


def unet(w, c, xt, t, label):
    half = c["timeFeatures"] // 2
    angles = t[:, None] * torch.exp(-math.log(1e4) * torch.arange(half) / half)
    told = w.dense("time1", torch.cat([angles.sin(), angles.cos()], 1), c["embedding"])
    told = w.dense("time2", F.silu(told), c["embedding"])
    told = F.silu(told + w.get("label_embedding/embeddings", [c["classes"] + 1, c["embedding"]], 1.0)[label])

    widths, groups, last = c["widths"], c["groups"], len(c["widths"]) - 1
    attends = lambda level: c["imageSize"] // 2**level in c["attentionAt"]
    look = lambda name, x: attention(w, name, x, groups, c["heads"])
    skips = []
    h = w.convolution("in", xt, widths[0])
    for level in range(last):
        h = residual(w, f"down{level}", h, widths[level], told, groups)
        h = look(f"down{level}_attention", h) if attends(level) else h
        skips.append(h)
        h = w.convolution(f"halve{level}", h, widths[level], stride=2)
    skips.append(h)
    h = residual(w, "middle0", h, widths[last], told, groups)
    h = look("middle_attention", h) if attends(last) else h
    h = residual(w, "middle1", h, widths[last], told, groups)
    for level in range(last, -1, -1):
        h = residual(w, f"up{level}", torch.cat([h, skips[level]], 1), widths[level], told, groups)
        h = look(f"up{level}_attention", h) if level < last and attends(level) else h
        h = F.interpolate(h, scale_factor=2) if level > 0 else h
    return w.convolution("out", F.silu(w.norm("out_norm", h, groups)), c["channels"])


def entries(values: torch.Tensor, count: int) -> dict:
    flat = values.detach().flatten()
    index = torch.linspace(0, len(flat) - 1, min(count, len(flat))).long()
    return dict(norm=flat.norm().item(), index=index.tolist(), values=flat[index].tolist())


def case(c: dict) -> dict:
    w = Weights()
    shape = [BATCH, c["imageSize"], c["imageSize"], c["channels"]]
    xt, epsilon = (tensor(shape, stream).permute(0, 3, 1, 2) for stream in (1, 2))
    t = torch.tensor([0.0, 17.0, 999.0])
    label = torch.tensor([0, 1, c["classes"]])
    predicted = unet(w, c, xt, t, label)
    loss = ((epsilon - predicted) ** 2).mean()
    loss.backward()
    return dict(
        options=c,
        loss=loss.item(),
        output=entries(predicted.permute(0, 2, 3, 1), 64),
        weights={
            name: dict(
                shape=weight["shape"], stream=weight["stream"], scale=weight["scale"], offset=weight["offset"],
                gradient=entries(weight["value"].grad, 12),
            )
            for name, weight in w.all.items()
        },
    )


golden = {name: case(configuration) for name, configuration in CONFIGURATIONS.items()}
(HERE / "unet.json").write_text(json.dumps(golden) + "\n")
