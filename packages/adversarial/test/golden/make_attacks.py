"""Golden values of the attacks on the small classifier, by PyTorch in float64: run `python make_attacks.py` here.

Each attack is written out as its paper has it, on one picture at a time, without regard to how the package does it.
"""

import torch
from network import CLASSES, parameters, pictures, predict, write

COUNT, EPSILON, STEPS = 4, 0.15, 5
P = parameters("pooled")
IMAGES = pictures(COUNT)


def logits(x):
    return predict("pooled", P, x[None])[0]


LABELS = [logits(x).argmax().item() for x in IMAGES]
TARGETS = [(label + 1) % CLASSES for label in LABELS]


def loss_gradient(x, cls):
    x = x.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(logits(x)[None], torch.tensor([cls]))
    return torch.autograd.grad(loss, x)[0]


def uphill(x, i, targeted):
    return -loss_gradient(x, TARGETS[i]) if targeted else loss_gradient(x, LABELS[i])


def fgsm(i, targeted, norm):
    x = IMAGES[i]
    g = uphill(x, i, targeted)
    step = EPSILON * g.sign() if norm == "lInf" else 5 * EPSILON * g / g.norm()
    return (x + step).clamp(0, 1)


def iterated(i, targeted, norm, decay=None, reach=2.5):
    """BIM, PGD without a random start, and, with a decay, MI-FGSM."""
    x0 = IMAGES[i]
    epsilon = EPSILON if norm == "lInf" else 5 * EPSILON
    alpha = reach * epsilon / STEPS
    x, momentum = x0.clone(), torch.zeros_like(x0)
    for _ in range(STEPS):
        g = uphill(x, i, targeted)
        if decay is not None:
            momentum = decay * momentum + g / g.abs().sum().clamp(min=1e-30)
            g = momentum
        x = x + (alpha * g.sign() if norm == "lInf" else alpha * g / g.norm())
        delta = x - x0
        if norm == "lInf":
            delta = delta.clamp(-epsilon, epsilon)
        elif delta.norm() > epsilon:
            delta = delta / delta.norm() * epsilon
        x = (x0 + delta).clamp(0, 1)
    return x


def deepfool(i, overshoot=0.02, most=50):
    """Algorithm 2, with the overshoot and the 1e-4 of the authors' code, kept within [0, 1]."""
    x0, label = IMAGES[i], LABELS[i]
    total, x = torch.zeros_like(x0), x0.clone()
    for _ in range(most):
        if logits(x).argmax().item() != label:
            break
        best = None
        for k in range(CLASSES):
            if k == label:
                continue
            at = x.clone().requires_grad_()
            z = logits(at)
            f = z[k] - z[label]
            w = torch.autograd.grad(f, at)[0]
            length = f.abs().item() / w.norm().item()
            if best is None or length < best[0]:
                best = (length, w)
        length, w = best
        total = total + (length + 1e-4) * w / w.norm()
        x = (x0 + (1 + overshoot) * total).clamp(0, 1)
    return x


def carlini_wagner(i, targeted, steps=60, search_steps=4, c=1.0, lr=0.01):
    """Sections V.A to V.C and VI.A: L2, tanh, Adam, binary search for c; kappa = 0."""
    x0 = IMAGES[i]
    cls = TARGETS[i] if targeted else LABELS[i]
    low, high, best, best_l2 = 0.0, float("inf"), x0.clone(), float("inf")
    for _ in range(search_steps):
        w = torch.atanh((2 * x0 - 1) * 0.999999).requires_grad_()
        adam = torch.optim.Adam([w], lr=lr)
        met = False
        for step in range(steps + 1):
            x = (torch.tanh(w) + 1) / 2
            z = logits(x)
            others = torch.cat([z[:cls], z[cls + 1 :]]).max()
            behind = others - z[cls] if targeted else z[cls] - others
            l2 = (x - x0).pow(2).sum()
            if behind.item() < 0:
                met = True
                if l2.item() < best_l2:
                    best, best_l2 = x.detach().clone(), l2.item()
            if step == steps:
                break
            adam.zero_grad()
            (l2 + c * behind.clamp(min=0)).backward()
            adam.step()
        low, high = (low, min(high, c)) if met else (max(low, c), high)
        c = (low + high) / 2 if high < float("inf") else c * 10
    return best


def case(attack):
    """Every adversarial picture, and whether it is read as it should be."""
    found = [attack(i) for i in range(COUNT)]
    return {
        "adversarial": [[round(value, 6) for value in x.flatten().tolist()] for x in found],
        "readAs": [logits(x).argmax().item() for x in found],
    }


def both(attack):
    return {"untargeted": case(lambda i: attack(i, False)), "targeted": case(lambda i: attack(i, True))}


write(
    "attacks.json",
    {
        "labels": LABELS,
        "targets": TARGETS,
        "attacks": {
            "fgsm": {norm: both(lambda i, t: fgsm(i, t, norm)) for norm in ("lInf", "l2")},
            "iterated": {norm: both(lambda i, t: iterated(i, t, norm)) for norm in ("lInf", "l2")},
            "miFgsm": {"lInf": both(lambda i, t: iterated(i, t, "lInf", decay=1.0, reach=1.0))},
            "deepfool": {"l2": {"untargeted": case(deepfool)}},
            "carliniWagner": {"l2": both(carlini_wagner)},
        },
    },
    indent=None,
)
