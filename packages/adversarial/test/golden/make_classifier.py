"""Golden values of a train step of the classifier, by PyTorch in float64: run `python make_classifier.py` here.

Only results are stored: loss, accuracy, and some entries of every weight's gradient and of its change by Adam.
"""

import torch
from network import CLASSES, NETWORKS, parameters, pictures, predict, write

BATCH = 6
LEARNING_RATE = 1e-3


def entries(weight, gradient, old):
    """Up to 16 entries: those whose first Adam step, about the sign of the gradient, isn't up to rounding."""
    flat = gradient.flatten()
    sure = torch.nonzero(flat.abs() > 1e-5).flatten()
    picked = sure[torch.linspace(0, len(sure) - 1, min(16, len(sure))).long()] if len(sure) else sure
    return {
        "index": picked.tolist(),
        "gradient": flat[picked].tolist(),
        "change": (weight - old).flatten()[picked].tolist(),
    }


def train_step(name: str) -> dict:
    p = [q.requires_grad_() for q in parameters(name)]
    before = [q.detach().clone() for q in p]
    labels = torch.arange(BATCH) % CLASSES
    logits = predict(name, p, pictures(BATCH))
    loss = torch.nn.functional.cross_entropy(logits, labels)
    gradients = torch.autograd.grad(loss, p)
    adam = torch.optim.Adam(p, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8)
    for q, gradient in zip(p, gradients):
        q.grad = gradient
    adam.step()
    return {
        "loss": loss.item(),
        "accuracy": (logits.argmax(1) == labels).double().mean().item(),
        "weights": [entries(*triple) for triple in zip(p, gradients, before)],
    }


write("train-step.json", {name: train_step(name) for name in NETWORKS})
