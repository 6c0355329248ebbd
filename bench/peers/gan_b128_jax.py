"""gan-b128 in JAX, many steps compiled into one call. Needs jax.

Answers each line of standard input, a number of steps, with the milliseconds they took; see bench/src/window-server.ts.
"""

import json
import sys
import time
from functools import partial

import jax
import jax.numpy as jnp

RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8


def dense(key, inputs, outputs):
    return {"w": jax.random.normal(key, (inputs, outputs)) * (inputs / 2) ** -0.5, "b": jnp.zeros(outputs)}


def mlp(layers, x):
    return jax.nn.relu(x @ layers[0]["w"] + layers[0]["b"]) @ layers[1]["w"] + layers[1]["b"]


def generate(g, z):
    return jax.nn.sigmoid(mlp(g, z))


def d_loss(d, real, fake):
    return jnp.mean(jax.nn.softplus(-mlp(d, real))) + jnp.mean(jax.nn.softplus(mlp(d, fake)))


def g_loss(g, d, z):
    return jnp.mean(jax.nn.softplus(-mlp(d, generate(g, z))))


def adam(state, gradients):
    weights, m, v, t = state
    t = t + 1
    m = jax.tree.map(lambda a, g: BETA1 * a + (1 - BETA1) * g, m, gradients)
    v = jax.tree.map(lambda a, g: BETA2 * a + (1 - BETA2) * g * g, v, gradients)

    def update(w, a, b):
        return w - RATE * (a / (1 - BETA1**t)) / (jnp.sqrt(b / (1 - BETA2**t)) + EPSILON)

    return jax.tree.map(update, weights, m, v), m, v, t


def step(state, _, real):
    d, g, key = state
    key, dz, gz = jax.random.split(key, 3)
    fake = generate(g[0], jax.random.normal(dz, (128, 100)))
    d = adam(d, jax.grad(d_loss)(d[0], real, fake))
    g = adam(g, jax.grad(g_loss)(g[0], d[0], jax.random.normal(gz, (128, 100))))
    return (d, g, key), None


@partial(jax.jit, static_argnums=2, donate_argnums=0)
def run(state, real, steps):
    return jax.lax.scan(partial(step, real=real), state, length=steps)[0]


def fresh(layers):
    return layers, jax.tree.map(jnp.zeros_like, layers), jax.tree.map(jnp.zeros_like, layers), jnp.float32(0)


k = jax.random.split(jax.random.key(0), 6)
state = (
    fresh([dense(k[0], 784, 128), dense(k[1], 128, 1)]),
    fresh([dense(k[2], 100, 128), dense(k[3], 128, 784)]),
    k[4],
)
real = jax.random.uniform(k[5], (128, 784))
state = jax.block_until_ready(run(state, real, 100))
print(json.dumps({"kernelsPerStep": None, "versions": {"jax": jax.__version__}}), flush=True)
compiled = set()
for line in sys.stdin:
    steps = int(line)
    if steps not in compiled:  # compiling is not what is timed
        state = jax.block_until_ready(run(state, real, steps))
        compiled.add(steps)
    start = time.perf_counter()
    state = jax.block_until_ready(run(state, real, steps))
    print((time.perf_counter() - start) * 1000, flush=True)
