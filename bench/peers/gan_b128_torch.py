"""gan-b128 in PyTorch, eager, on as many threads as there are cores; with the argument `dark`, gan-b128-dark. Needs torch."""

import sys

import torch
from serve_windows import serve_windows
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

generator = nn.Sequential(nn.Linear(100, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid())
discriminator = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 1))
g_adam = torch.optim.Adam(generator.parameters(), 1e-3)
d_adam = torch.optim.Adam(discriminator.parameters(), 1e-3)
real = torch.rand(128, 784)
ones = torch.ones(128, 1)
zeros = torch.zeros(128, 1)

if "dark" in sys.argv:
    inside = torch.zeros(28, 28)
    inside[4:24, 4:24] = 1
    inside = inside.reshape(784)
    real = real * inside
    with torch.no_grad():
        generator[2].bias.copy_((-70 - 30 * torch.arange(784) / 783) * (1 - inside))


def step():
    with torch.no_grad():
        fake = generator(torch.randn(128, 100))
    d_loss = cross_entropy(discriminator(real), ones) + cross_entropy(discriminator(fake), zeros)
    d_adam.zero_grad()
    d_loss.backward()
    d_adam.step()

    g_loss = cross_entropy(discriminator(generator(torch.randn(128, 100))), ones)
    g_adam.zero_grad()
    g_loss.backward()
    g_adam.step()


serve_windows(step, warm_up=100)
