"""unet-b64 in PyTorch, eager, on as many threads as there are cores, NCHW; with the argument `forward`, its forward pass
alone, which is unet-forward-b64. Needs torch."""

import math
import sys

import torch
from serve_windows import serve_windows
from torch import nn
from torch.nn.functional import interpolate, mse_loss, silu

EMBEDDING = 128


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.norm1 = nn.GroupNorm(8, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(EMBEDDING, outputs)
        self.norm2 = nn.GroupNorm(8, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, embedding):
        h = self.conv1(silu(self.norm1(x))) + self.time(embedding)[:, :, None, None]
        return self.conv2(silu(self.norm2(h))) + self.skip(x)


class Attention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)

    def forward(self, x):
        batch, channels, height, width = x.shape
        tokens = self.norm(x).reshape(batch, channels, height * width).transpose(1, 2)
        q, k, v = self.qkv(tokens).chunk(3, -1)
        mixed = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(channels), -1) @ v
        return x + self.out(mixed).transpose(1, 2).reshape(x.shape)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(32, EMBEDDING), nn.SiLU(), nn.Linear(EMBEDDING, EMBEDDING))
        self.label = nn.Embedding(11, EMBEDDING)
        self.first = nn.Conv2d(1, 32, 3, padding=1)
        self.down0, self.down1 = ResidualBlock(32, 32), ResidualBlock(32, 64)
        self.stride0, self.stride1 = nn.Conv2d(32, 32, 3, 2, 1), nn.Conv2d(64, 64, 3, 2, 1)
        self.middle0, self.attention, self.middle1 = ResidualBlock(64, 64), Attention(64), ResidualBlock(64, 64)
        self.up2, self.up1, self.up0 = ResidualBlock(128, 64), ResidualBlock(128, 64), ResidualBlock(96, 32)
        self.norm = nn.GroupNorm(8, 32)
        self.last = nn.Conv2d(32, 1, 3, padding=1)

    def forward(self, x, t, label):
        frequencies = torch.exp(-math.log(1e4) * torch.arange(16) / 16)
        angles = t[:, None] * frequencies
        e = silu(self.time(torch.cat([angles.sin(), angles.cos()], -1)) + self.label(label))
        a = self.down0(self.first(x), e)
        b = self.down1(self.stride0(a), e)
        c = self.stride1(b)
        h = self.middle1(self.attention(self.middle0(c, e)), e)
        h = self.up2(torch.cat([h, c], 1), e)
        h = self.up1(torch.cat([interpolate(h, scale_factor=2), b], 1), e)
        h = self.up0(torch.cat([interpolate(h, scale_factor=2), a], 1), e)
        return self.last(silu(self.norm(h)))


unet = UNet()
adam = torch.optim.Adam(unet.parameters(), 1e-3)
images = torch.randn(64, 1, 28, 28)
noise = torch.randn(64, 1, 28, 28)
times = torch.randint(0, 1000, (64,)).float()
labels = torch.randint(0, 11, (64,))


def train():
    adam.zero_grad()
    mse_loss(unet(images, times, labels), noise).backward()
    adam.step()


def forward():
    with torch.no_grad():
        unet(images, times, labels)


serve_windows(forward if sys.argv[1:] == ["forward"] else train, warm_up=3)
