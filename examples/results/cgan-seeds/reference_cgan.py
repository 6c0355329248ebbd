"""The conditional GAN of task 2.3 in PyTorch, to see what its seeds are worth. Needs torch and numpy.

    python3 reference_cgan.py MNIST SEED TO [STEPS [one]]

takes the training set from the folder MNIST (IDX files, not zipped), trains for STEPS updates of each player (20,000), and writes 10,000
samples, the digits in turn, as IDX files to the folder TO. Each player's update has normal latents of its own; with `one`, both have the
same ones, from U(-1, 1), as in the first program of this network (wiseodd, "generative-models", conditional GAN in TensorFlow).
Score the samples with

    npm run lab -- score TO/samples-idx3-ubyte --labels TO/labels-idx1-ubyte
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import one_hot, softplus

mnist, seed, to = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
steps = int(sys.argv[4]) if len(sys.argv) > 4 else 20_000
one = sys.argv[5:] == ["one"]
batch = 128

torch.set_num_threads(1)
random = torch.Generator().manual_seed(seed)
pixels = np.fromfile(mnist / "train-images-idx3-ubyte", np.uint8)[16:].reshape(-1, 784)
digits = np.fromfile(mnist / "train-labels-idx1-ubyte", np.uint8)[8:]
images = torch.from_numpy(pixels.astype(np.float32) / 255)
labels = one_hot(torch.from_numpy(digits).long(), 10).float()


def dense(inputs, units):
    kernel = torch.randn(inputs, units, generator=random) * np.sqrt(2 / inputs)
    return kernel.requires_grad_(), torch.zeros(units, requires_grad=True)


generator = [*dense(110, 128), *dense(128, 784)]
discriminator = [*dense(794, 128), *dense(128, 1)]
g_adam = torch.optim.Adam(generator, 1e-3)
d_adam = torch.optim.Adam(discriminator, 1e-3)


def mlp(weights, x, y):
    k1, b1, k2, b2 = weights
    return torch.relu(torch.cat([x, y], 1) @ k1 + b1) @ k2 + b2


def latents(n):
    return torch.rand(n, 100, generator=random) * 2 - 1 if one else torch.randn(n, 100, generator=random)


def paint(z, y):
    return torch.sigmoid(mlp(generator, z, y))


order, at = torch.randperm(len(images), generator=random), 0
for _ in range(steps):
    if at + batch > len(order):
        order, at = torch.randperm(len(images), generator=random), 0
    x, y = images[order[at : at + batch]], labels[order[at : at + batch]]
    at += batch

    z = latents(batch)
    with torch.no_grad():
        fake = paint(z, y)
    d_loss = softplus(-mlp(discriminator, x, y)).mean() + softplus(mlp(discriminator, fake, y)).mean()
    d_adam.zero_grad()
    d_loss.backward()
    d_adam.step()

    g_loss = softplus(-mlp(discriminator, paint(z if one else latents(batch), y), y)).mean()
    g_adam.zero_grad()
    g_loss.backward()
    g_adam.step()

asked = np.arange(10_000, dtype=np.uint8) % 10
with torch.no_grad():
    samples = paint(latents(10_000), one_hot(torch.from_numpy(asked).long(), 10).float())
to.mkdir(parents=True, exist_ok=True)


def write_idx(name, array):
    header = np.array([0x0800 + array.ndim, *array.shape], ">i4")
    (to / name).write_bytes(header.tobytes() + array.tobytes())


write_idx("samples-idx3-ubyte", (samples * 255).round().byte().numpy().reshape(-1, 28, 28))
write_idx("labels-idx1-ubyte", asked)
