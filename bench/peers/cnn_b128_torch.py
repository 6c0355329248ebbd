"""cnn-b128 in PyTorch, eager, on as many threads as there are cores, NCHW. Needs torch."""

import torch
from serve_windows import serve_windows
from torch import nn
from torch.nn.functional import cross_entropy

classifier = nn.Sequential(
    nn.Conv2d(1, 32, 3),
    nn.ReLU(),
    nn.Conv2d(32, 64, 3),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(9216, 128),
    nn.ReLU(),
    nn.Linear(128, 10),
)
adam = torch.optim.Adam(classifier.parameters(), 1e-3)
images = torch.rand(128, 1, 28, 28)
labels = torch.randint(0, 10, (128,))


def step():
    adam.zero_grad()
    cross_entropy(classifier(images), labels).backward()
    adam.step()


serve_windows(step, warm_up=5)
