"""Golden values of the losses, of their gradients, of one whole train step and of a search for latents, by PyTorch in float64.

Run `python make_golden.py` here (PyTorch 2, NumPy). Weights, latents and images come from a formula that the tests
repeat, so that only results are stored: the losses, D's probabilities, the gradients' norms, and some entries of every
weight's gradient and of the weight after the step.
"""

import json
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
LATENT, HIDDEN, PIXELS, BATCH = 100, 128, 784, 4
LEARNING_RATE = 1e-3

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


def minimax_d(real, fake):
    return -(torch.log(real) + torch.log(1 - fake)).mean()


def logistic_d(real, fake):
    return torch.nn.functional.softplus(-real).mean() + torch.nn.functional.softplus(fake).mean()


# name: (what it reads, D's loss, G's loss)
LOSSES = {
    "minimax": ("probabilities", minimax_d, lambda fake: torch.log(1 - fake).mean()),
    "nonSaturating": ("probabilities", minimax_d, lambda fake: -torch.log(fake).mean()),
    "minimaxLogits": ("logits", logistic_d, lambda fake: -torch.nn.functional.softplus(fake).mean()),
    "logistic": ("logits", logistic_d, lambda fake: torch.nn.functional.softplus(-fake).mean()),
    "leastSquares": (
        "scores",
        lambda real, fake: ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2,
        lambda fake: ((fake - 1) ** 2).mean() / 2,
    ),
    "hinge": (
        "scores",
        lambda real, fake: torch.relu(1 - real).mean() + torch.relu(1 + fake).mean(),
        lambda fake: -fake.mean(),
    ),
    "wasserstein": ("scores", lambda real, fake: fake.mean() - real.mean(), lambda fake: -fake.mean()),
}

# Not a loss with a name of its own: binary_cross_entropy_with_logits against .9 and 0.
bce = torch.nn.functional.binary_cross_entropy_with_logits
SMOOTHED = (
    "logits",
    lambda real, fake: bce(real, torch.full_like(real, 0.9)) + bce(fake, torch.zeros_like(fake)),
    LOSSES["logistic"][2],
)


def loss_case(loss) -> dict:
    on, d_loss, g_loss = loss
    logits = {"real": [-3.0, -0.5, 0.0, 1.25, 6.0], "fake": [-5.0, -1.0, 0.25, 2.0, 4.0]}
    out: dict = {"on": on, "logits": logits}

    def grads(of_probabilities: bool):
        real = torch.tensor(logits["real"]).reshape(-1, 1)
        fake = torch.tensor(logits["fake"]).reshape(-1, 1)
        if of_probabilities:
            real, fake = torch.sigmoid(real), torch.sigmoid(fake)
        real.requires_grad_(), fake.requires_grad_()
        read = torch.sigmoid if on == "probabilities" and not of_probabilities else (lambda x: x)
        d = d_loss(read(real), read(fake))
        g = g_loss(read(fake))
        d_real, d_fake = torch.autograd.grad(d, [real, fake], retain_graph=True)
        (g_fake,) = torch.autograd.grad(g, [fake])
        flat = lambda t: t.flatten().tolist()
        return {"dLoss": d.item(), "gLoss": g.item(), "dReal": flat(d_real), "dFake": flat(d_fake), "gFake": flat(g_fake)}

    out["byLogits"] = grads(False)
    if on == "probabilities":
        out["byProbabilities"] = grads(True)
    return out


def parameters():
    """In the order generator hidden, generator output, discriminator hidden, discriminator output; kernel, bias."""
    shapes = [(LATENT, HIDDEN), (HIDDEN,), (HIDDEN, PIXELS), (PIXELS,), (PIXELS, HIDDEN), (HIDDEN,), (HIDDEN, 1), (1,)]
    fan_in = [LATENT, LATENT, HIDDEN, HIDDEN, PIXELS, PIXELS, HIDDEN, HIDDEN]
    return [
        tensor(shape, stream, scale=2.0 / fan**0.5 if len(shape) == 2 else 0.1).requires_grad_()
        for stream, (shape, fan) in enumerate(zip(shapes, fan_in), start=10)
    ]


def generate(p, z):
    return torch.sigmoid(torch.relu(z @ p[0] + p[1]) @ p[2] + p[3])


def judge(p, x):
    return torch.relu(x @ p[4] + p[5]) @ p[6] + p[7]


def entries(weights, gradients, before):
    """Up to 24 entries of each: those whose first Adam step, about the sign of the gradient, isn't up to rounding."""
    rows = []
    for weight, gradient, old in zip(weights, gradients, before):
        flat = gradient.flatten()
        sure = torch.nonzero(flat.abs() > 1e-5).flatten()
        picked = sure[torch.linspace(0, len(sure) - 1, min(24, len(sure))).long()] if len(sure) else sure
        rows.append(
            {
                "index": picked.tolist(),
                "gradient": flat[picked].tolist(),
                "change": (weight - old).flatten()[picked].tolist(),
            }
        )
    return rows


def norm(gradients):
    return torch.sqrt(sum((g**2).sum() for g in gradients)).item()


def train_step(name: str) -> dict:
    on, d_loss, g_loss = LOSSES[name]
    read = torch.sigmoid if on == "probabilities" else (lambda x: x)
    p = parameters()
    before = [q.detach().clone() for q in p]
    d_adam = torch.optim.Adam(p[4:], lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8)
    g_adam = torch.optim.Adam(p[:4], lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8)
    real = tensor((BATCH, PIXELS), 1, scale=0.5, offset=0.5)
    z_d, z_g = tensor((BATCH, LATENT), 2), tensor((BATCH, LATENT), 3)

    on_real, on_fake = judge(p, real), judge(p, generate(p, z_d).detach())
    d = d_loss(read(on_real), read(on_fake))
    d_gradients = torch.autograd.grad(d, p[4:])
    for q, gradient in zip(p[4:], d_gradients):
        q.grad = gradient
    d_adam.step()

    g = g_loss(read(judge(p, generate(p, z_g))))
    g_gradients = torch.autograd.grad(g, p[:4])
    for q, gradient in zip(p[:4], g_gradients):
        q.grad = gradient
    g_adam.step()

    return {
        "dLoss": d.item(),
        "gLoss": g.item(),
        "dReal": (on_real if on == "scores" else torch.sigmoid(on_real)).mean().item(),
        "dFake": (on_fake if on == "scores" else torch.sigmoid(on_fake)).mean().item(),
        "dGradNorm": norm(d_gradients),
        "gGradNorm": norm(g_gradients),
        "generator": entries(p[:4], g_gradients, before[:4]),
        "discriminator": entries(p[4:], d_gradients, before[4:]),
    }


def write(file: str, value) -> None:
    (HERE / file).write_text(json.dumps(value, indent=1) + "\n")


# RandomKey.fromSeed(3).uniformArray(4): the shares of the real images in WGAN-GP's points between.
SHARES = [0.8653928637504578, 0.02100694179534912, 0.8105391263961792, 0.7620112895965576]


def mlp_critic(p, x):
    h = torch.nn.functional.leaky_relu(x.reshape(len(x), -1) @ p[0] + p[1], 0.2)
    return torch.tanh(h @ p[2] + p[3]) @ p[4] + p[5]


def conv_critic(p, x):
    """Two convolutions in strides, NHWC and [h, w, in, out] as in tfjs, with 'same' padding of an even size."""
    h = x.permute(0, 3, 1, 2)
    for kernel, bias in ((p[0], p[1]), (p[2], p[3])):
        h = torch.nn.functional.conv2d(h, kernel.permute(3, 2, 0, 1), bias, stride=2, padding=1)
        h = torch.nn.functional.leaky_relu(h, 0.2)
    return h.permute(0, 2, 3, 1).reshape(len(x), -1) @ p[4] + p[5]


CRITICS = {
    "mlp": (mlp_critic, [(64, 6), (6,), (6, 5), (5,), (5, 1), (1,)]),
    "conv": (conv_critic, [(4, 4, 1, 3), (3,), (4, 4, 3, 4), (4,), (16, 1), (1,)]),
}


def penalty_case(name: str) -> dict:
    critic, shapes = CRITICS[name]
    p = [tensor(shape, 20 + i, scale=0.5).requires_grad_() for i, shape in enumerate(shapes)]
    real, fake = (tensor((4, 8, 8, 1), stream, scale=0.5, offset=0.5) for stream in (30, 31))

    def slopes(images):
        x = images.clone().requires_grad_()
        return torch.autograd.grad(critic(p, x).sum(), x, create_graph=True)[0].reshape(len(x), -1)

    share = torch.tensor(SHARES).reshape(4, 1, 1, 1)
    values = {
        "gradientPenalty": 10 * ((slopes(share * real + (1 - share) * fake).norm(dim=1) - 1) ** 2).mean(),
        "r1": 10 / 2 * (slopes(real) ** 2).sum(1).mean(),
    }
    # The last bias moves no slope.
    gradients = {key: torch.autograd.grad(value, p[:-1]) for key, value in values.items()}
    return {
        "slopes": slopes(real).detach().flatten().tolist(),
        **{
            key: {"value": value.item(), "gradients": [g.flatten().tolist() for g in gradients[key]]}
            for key, value in values.items()
        },
    }


# What RandomKey.fromSeed(5).normal([3, 3]) draws.
DRAWN = [
    [0.470324904, -1.00010324, 0.0755240992],
    [-1.18537295, -1.21045125, -0.830140233],
    [1.29240549, -1.5319432, -0.987540007],
]


def completion_case() -> dict:
    """Six Adam steps of a z search for 3 pictures of 4x5, whose left half is hidden, in the networks 3-6-20 and 20-6-1."""
    shapes = [(3, 6), (6,), (6, 20), (20,), (20, 6), (6,), (6, 1), (1,)]
    gk1, gb1, gk2, gb2, dk1, db1, dk2, db2 = (tensor(shape, 40 + i) for i, shape in enumerate(shapes))
    z = torch.tensor(DRAWN).requires_grad_()
    seen, known = tensor((3, 4, 5), 51, scale=0.5, offset=0.5), (torch.arange(5) >= 2.5).to(torch.float64)
    adam = torch.optim.Adam([z], lr=0.1)
    for _ in range(6):
        painted = torch.sigmoid(torch.relu(z @ gk1 + gb1) @ gk2 + gb2)
        logit = torch.relu(painted @ dk1 + db1) @ dk2 + db2
        contextual = (known * (painted.reshape(3, 4, 5) - seen)).abs().sum()
        total = contextual + 0.3 * torch.nn.functional.softplus(-logit).sum() + 0.2 * (z**2).sum()
        adam.zero_grad()
        total.backward()
        adam.step()
        with torch.no_grad():
            z.clamp_(-0.7, 0.7)
    return {"latents": z.detach().flatten().tolist()}


def class_case() -> dict:
    """The cross-entropy of an auxiliary classifier, mean over the rows."""
    rows, labels = [[2.0, -1.0, 0.5], [-3.0, 4.0, 0.0], [0.25, 0.5, -6.0], [9.0, -9.0, 1.0]], [0, 2, 1, 1]
    logits = torch.tensor(rows).requires_grad_()
    value = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
    value.backward()
    return {"logits": rows, "labels": labels, "value": value.item(), "gradient": logits.grad.tolist()}


write("class-loss.json", class_case())
write("completion.json", completion_case())
write("losses.json", {**{name: loss_case(loss) for name, loss in LOSSES.items()}, "smoothed": loss_case(SMOOTHED)})
write("penalties.json", {name: penalty_case(name) for name in CRITICS})
write("train-step.json", {name: train_step(name) for name in LOSSES})
