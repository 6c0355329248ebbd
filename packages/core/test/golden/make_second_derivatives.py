"""Writes second-derivatives.json beside this script, by PyTorch in float64. Needs numpy and torch; the tests don't.

For each f, with slopes s: the penalty P = sum((d sum(s f(x, w)) / dx)^2), and its derivatives with respect to x, w and s.
Pictures and filters are in tfjs's order of axes: [B, height, width, channels], [height, width, in, out].
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(5)


def draw(*shape):
    return torch.tensor(np.float32(rng.normal(size=shape)), dtype=torch.float64)


def conv(x, w, stride, padding):
    return F.conv2d(x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), stride=stride, padding=padding).permute(0, 2, 3, 1)


def conv_transpose(x, w, stride, padding):
    """tfjs's filter is [height, width, out, in]."""
    out = F.conv_transpose2d(x.permute(0, 3, 1, 2), w.permute(3, 2, 0, 1), stride=stride, padding=padding)
    return out.permute(0, 2, 3, 1)


def pool(kind, x, size, stride):
    return kind(x.permute(0, 3, 1, 2), size, stride).permute(0, 2, 3, 1)


def critic(x, w):
    """A convolutional critic with a convolution's own activations between."""
    h = F.leaky_relu(conv(x, w, 2, 1), 0.2)
    return torch.tanh(conv(h, w.transpose(2, 3), 1, 1)).sum((1, 2))


rows, image, filters = (3, 5), (2, 6, 6, 2), (4, 4, 2, 3)
# name: (f, shape of x, shape of w)
CASES = {
    "sigmoid": (lambda x, w: torch.sigmoid(x @ w), rows, (5, 4)),
    "tanh": (lambda x, w: torch.tanh(x @ w), rows, (5, 4)),
    "exp": (lambda x, w: torch.exp(x @ w), rows, (5, 4)),
    "softplus": (lambda x, w: F.softplus(x @ w), rows, (5, 4)),
    "swish": (lambda x, w: F.silu(x @ w), rows, (5, 4)),
    "softmax": (lambda x, w: torch.softmax(x @ w, 1), rows, (5, 4)),
    "logSoftmax": (lambda x, w: torch.log_softmax(x @ w, 1), rows, (5, 4)),
    "relu": (lambda x, w: torch.relu(x @ w) ** 2, rows, (5, 4)),
    "leakyRelu": (lambda x, w: F.leaky_relu(x @ w, 0.2), rows, (5, 4)),
    "elu": (lambda x, w: F.elu(x @ w), rows, (5, 4)),
    "selu": (lambda x, w: F.selu(x @ w), rows, (5, 4)),
    "maximum": (lambda x, w: torch.maximum(x @ w, (x @ w) ** 2), rows, (5, 4)),
    "minimum": (lambda x, w: torch.minimum(x @ w, torch.exp(x @ w) - 1.5), rows, (5, 4)),
    "max": (lambda x, w: torch.exp(x @ w).reshape(3, 2, 2).amax(2), rows, (5, 4)),
    "clip": (lambda x, w: torch.clamp(torch.exp(x @ w), 0.5, 2), rows, (5, 4)),
    "twoLayers": (lambda x, w: torch.sigmoid(torch.tanh(x @ w) @ w.T), rows, (5, 4)),
    "avgPool": (lambda x, w: pool(F.avg_pool2d, conv(torch.exp(x), w, 1, 1), 2, 2), image, filters),
    "avgPoolOverlapping": (lambda x, w: pool(F.avg_pool2d, torch.sigmoid(conv(x, w, 1, 1)), 3, 1), image, filters),
    "maxPool": (lambda x, w: pool(F.max_pool2d, torch.sigmoid(conv(x, w, 1, 2)), 2, 2), image, filters),
    "conv": (lambda x, w: torch.tanh(conv(x, w, 1, 0)), image, filters),
    "convStrided": (lambda x, w: torch.sigmoid(conv(x, w, 2, 1)), image, filters),
    "convTranspose": (lambda x, w: torch.tanh(conv_transpose(x, w, 2, 1)), (2, 3, 3, 2), (4, 4, 3, 2)),
    "critic": (critic, image, (4, 4, 2, 2)),
}


def case(f, x_shape, w_shape):
    x, w = draw(*x_shape).requires_grad_(), (draw(*w_shape) / 2).requires_grad_()
    s = draw(*f(x, w).shape).requires_grad_()
    (dx,) = torch.autograd.grad((s * f(x, w)).sum(), x, create_graph=True)
    penalty = (dx**2).sum()
    given = {"x": x, "w": w, "s": s}
    seconds = torch.autograd.grad(penalty, list(given.values()))
    values = lambda t: {"shape": list(t.shape), "values": [round(v, 10) for v in t.detach().flatten().tolist()]}
    return {
        **{name: values(t) for name, t in given.items()},
        "dx": values(dx),
        "penalty": penalty.item(),
        "second": {name: values(t) for name, t in zip(given, seconds)},
    }


content = {name: case(*arguments) for name, arguments in CASES.items()}
path = pathlib.Path(__file__).parent / "second-derivatives.json"
path.write_text(json.dumps(content) + "\n")
