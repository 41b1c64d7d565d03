#!/usr/bin/env python3
"""The workloads of bench/workloads.ts in jax on the CPU: each step is one jitted function, NHWC.

    peer_jax.py [--threads 2] [--repeats 20] [--only NAME[,NAME]]

Prints {"jax", "threads", "workloads": {NAME: {"ms": median, "min", "iterations"}}}.
"""

import os
import sys

# XLA's pool of threads is as large as the processors that it may use, and is made when jax is loaded.
if "--threads" in sys.argv:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[sys.argv.index("--threads") + 1])])
import jax
import jax.numpy as jnp
from jax import lax, nn, random

from peer_timing import parser_of, tell

CONV = ("NHWC", "HWIO", "NHWC")


class Net:
    """Parameters by the order of use: the first call makes them, later ones take them."""

    def __init__(self, build):
        self.build = build

    def init(self, *args):
        self.made, self.taken = [], None
        self.build(self, *args)
        return self.made

    def __call__(self, params, *args, key=None):
        self.taken, self.key = iter(params), key
        return self.build(self, *args)

    def param(self, shape, scale):
        if self.taken is not None:
            return next(self.taken)
        value = scale * random.normal(random.PRNGKey(len(self.made)), shape) if scale else jnp.zeros(shape)
        self.made.append(value)
        return value

    def dense(self, x, units):
        return x @ self.param((x.shape[1], units), x.shape[1] ** -0.5) + self.param((units,), 0)

    def norm(self, x):
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axes), x.var(axes)
        gamma, beta = self.param((x.shape[-1],), 0) + 1, self.param((x.shape[-1],), 0)
        return (x - mean) * (gamma * lax.rsqrt(variance + 1e-5)) + beta

    def conv(self, x, filters, kernel, stride=1, bias=True):
        w = self.param((kernel, kernel, x.shape[-1], filters), 0.02)
        y = lax.conv_general_dilated(x, w, (stride, stride), "SAME", dimension_numbers=CONV)
        return y + self.param((filters,), 0) if bias else y

    def up(self, x, filters, bias=False):
        w = self.param((4, 4, x.shape[-1], filters), 0.02)
        y = lax.conv_transpose(x, w, (2, 2), "SAME", dimension_numbers=CONV)
        return y + self.param((filters,), 0) if bias else y

    def attention(self, x):
        n, h, w, c = x.shape
        flat = lambda t: t.reshape(n, h * w, -1)
        query, key, value = (flat(self.conv(x, c // part, 1)) for part in (8, 8, 2))
        seen = nn.softmax(query @ key.transpose(0, 2, 1)) @ value
        return x + (0.1 + self.param((1,), 0)) * self.conv(seen.reshape(n, h, w, c // 2), c, 1)

    def dropout(self, x):
        if self.taken is None or self.key is None:
            return x
        self.key, own = random.split(self.key)
        return jnp.where(random.bernoulli(own, 0.5, x.shape), 2 * x, 0)


lrelu = lambda x: nn.leaky_relu(x, 0.2)


def mlp(outputs):
    return Net(lambda s, x: s.dense(nn.relu(s.dense(nn.relu(s.dense(x, 128)), 128)), outputs))


def dcgan_generator(channels, size, base, levels, attention=False):
    start, width = size >> levels, base << (levels - 1)

    def build(s, z):
        h = nn.relu(s.norm(s.dense(z, width * start**2).reshape(-1, start, start, width)))
        for level in reversed(range(levels - 1)):
            h = nn.relu(s.norm(s.up(h, base << level)))
        return jnp.tanh(s.up(s.attention(h) if attention else h, channels, True))

    return Net(build)


def dcgan_discriminator(base, levels, batch_norm, attention=False):
    def build(s, x):
        h = lrelu(s.conv(x, base, 4, 2))
        h = s.attention(h) if attention else h
        for level in range(1, levels):
            h = s.conv(h, base << level, 4, 2, not batch_norm)
            h = lrelu(s.norm(h) if batch_norm else h)
        return s.dense(h.reshape(len(h), -1), 1)

    return Net(build)


double = lambda x: x.repeat(2, 1).repeat(2, 2)
halve = lambda x: x.reshape(x.shape[0], x.shape[1] // 2, 2, x.shape[2] // 2, 2, -1).mean((2, 4))


def resnet_generator(width, ups):
    def build(s, z):
        h = s.dense(z, width * 16).reshape(-1, 4, 4, width)
        for _ in range(ups):
            body = s.conv(double(nn.relu(s.norm(h))), width, 3)
            h = s.conv(nn.relu(s.norm(body)), width, 3) + s.conv(double(h), width, 1)
        return jnp.tanh(s.conv(nn.relu(s.norm(h)), 3, 3))

    return Net(build)


def resnet_discriminator(width, downs):
    def build(s, x):
        body = lambda h: s.conv(nn.relu(s.conv(nn.relu(h), width, 3)), width, 3)
        h = halve(s.conv(nn.relu(s.conv(x, width, 3)), width, 3)) + s.conv(halve(x), width, 1)
        for _ in range(downs):
            h = halve(body(h)) + halve(s.conv(h, width, 1))
        for _ in range(2):
            h = body(h) + h
        return s.dense(nn.relu(h).sum((1, 2)), 1)

    return Net(build)


# Of CTGAN's rows: numbers, groups of choices (count, size), and the choices that make the condition.
NUMBERS, GROUPS, CONDITION, PACK = 6, ((6, 10), (8, 8)), 64, 10


def table_generator():
    def build(s, z, condition, noise):
        h = jnp.concatenate([z, condition], 1)
        for _ in range(2):
            h = jnp.concatenate([nn.relu(s.norm(s.dense(h, 256))), h], 1)
        raw = s.dense(h, NUMBERS + sum(count * size for count, size in GROUPS))
        made, at = [jnp.tanh(raw[:, :NUMBERS])], NUMBERS
        for count, size in GROUPS:
            part = slice(at, at + count * size)
            logits = (raw[:, part] + noise[:, part.start - NUMBERS : part.stop - NUMBERS]) / 0.2
            made.append(nn.softmax(logits.reshape(-1, count, size)).reshape(-1, count * size))
            at += count * size
        likely = nn.log_softmax(raw[:, -CONDITION:].reshape(-1, *GROUPS[-1])).reshape(-1, CONDITION)
        return jnp.concatenate([*made, condition], 1), -(condition * likely).sum() / len(z)

    return Net(build)


def table_discriminator():
    def build(s, x):
        h = x.reshape(len(x) // PACK, -1)
        for _ in range(2):
            h = s.dropout(lrelu(s.dense(h, 256)))
        return s.dense(h, 1)

    return Net(build)


def wgan_gp(pack=1):
    def penalty(critic, key, real, fake):
        count = len(real) // pack
        epsilon = random.uniform(key, (count, *[1] * (real.ndim - 1))).repeat(pack, 0)
        gradient = jax.grad(lambda x: critic(x).sum())(epsilon * real + (1 - epsilon) * fake).reshape(count, -1)
        return 10 * ((jnp.linalg.norm(gradient, axis=1) - 1) ** 2).mean()

    return penalty


def r1(critic, _key, real, _fake):
    return 5 * (jax.grad(lambda x: critic(x).sum())(real) ** 2).sum((1, 2, 3)).mean()


LOSSES = {
    "ns": (lambda r, f: nn.softplus(-r).mean() + nn.softplus(f).mean(), lambda f: nn.softplus(-f).mean()),
    "wasserstein": (lambda r, f: f.mean() - r.mean(), lambda f: -f.mean()),
    "hinge": (lambda r, f: nn.relu(1 - r).mean() + nn.relu(1 + f).mean(), lambda f: -f.mean()),
}


def adam(params, grads, state, betas):
    t, m, v = state
    b1, b2 = betas
    t = t + 1
    m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
    v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, grads)
    rate = 1e-4 * jnp.sqrt(1 - b2**t) / (1 - b1**t)
    return jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), params, m, v), (t, m, v)


def iteration(
    generator, critic, loss, latent, batch, shape, critic_steps=1, betas=(0.5, 0.999), penalty=None, table=False
):
    key = random.PRNGKey(0)
    reals = [random.uniform(random.PRNGKey(i), (batch, *shape), minval=-1, maxval=1) for i in range(8)]
    d_loss_of, g_loss_of = LOSSES[loss]

    def make(params, key, real):
        z = random.normal(key, (batch, latent))
        if not table:
            return generator(params, z), 0.0
        noise = random.gumbel(random.fold_in(key, 1), (batch, sum(count * size for count, size in GROUPS)))
        return generator(params, z, real[:, -CONDITION:], noise)

    start = (jnp.zeros((batch, latent)), reals[0][:, -CONDITION:], jnp.zeros((batch, 124)))
    g = generator.init(*start) if table else generator.init(start[0])
    d = critic.init(reals[0])
    fresh = lambda params: (0.0, jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params))

    @jax.jit
    def d_step(d, state, g, key, real):
        fake, _ = make(g, key, real)

        def objective(d):
            keys = random.split(key, 4)
            value = d_loss_of(critic(d, real, key=keys[0]), critic(d, fake, key=keys[1]))
            if penalty is None:
                return value
            return value + penalty(lambda x: critic(d, x, key=keys[2]), keys[3], real, fake)

        value, grads = jax.value_and_grad(objective)(d)
        return (*adam(d, grads, state, betas), value)

    @jax.jit
    def g_step(g, state, d, key, real):
        def objective(g):
            fake, own = make(g, key, real)
            return g_loss_of(critic(d, fake, key=key)) + own

        value, grads = jax.value_and_grad(objective)(g)
        return (*adam(g, grads, state, betas), value)

    d_state, g_state, count = fresh(d), fresh(g), 0

    def step():
        nonlocal d, g, d_state, g_state, count
        for _ in range(critic_steps):
            real = reals[count % len(reals)]
            count += 1
            d, d_state, d_loss = d_step(d, d_state, g, random.fold_in(key, 2 * count), real)
        g, g_state, g_loss = g_step(g, g_state, d, random.fold_in(key, 2 * count + 1), real)
        return float(d_loss), float(g_loss)

    return step


def samples(generator, latent, batch):
    params, count = generator.init(jnp.zeros((batch, latent))), 0
    make = jax.jit(lambda params, key: generator(params, random.normal(key, (batch, latent))))

    def step():
        nonlocal count
        count += 1
        return jax.device_get(make(params, random.PRNGKey(count)))

    return step


WGAN_GP = {"critic_steps": 5, "betas": (0.0, 0.9), "penalty": wgan_gp()}
WORKLOADS = {
    "mlp-wgan-gp": lambda: iteration(mlp(2), mlp(1), "wasserstein", 16, 256, (2,), **WGAN_GP),
    "mlp-ns": lambda: iteration(mlp(2), mlp(1), "ns", 16, 256, (2,)),
    "dcgan28-ns": lambda: iteration(
        dcgan_generator(1, 28, 64, 2), dcgan_discriminator(64, 2, True), "ns", 64, 64, (28, 28, 1)
    ),
    "dcgan28-wgan-gp": lambda: iteration(
        dcgan_generator(1, 28, 64, 2), dcgan_discriminator(64, 2, False), "wasserstein", 64, 64, (28, 28, 1), **WGAN_GP
    ),
    "dcgan64-ns": lambda: iteration(
        dcgan_generator(3, 64, 32, 4), dcgan_discriminator(32, 4, True), "ns", 128, 32, (64, 64, 3)
    ),
    "resnet64-r1": lambda: iteration(
        resnet_generator(32, 4), resnet_discriminator(32, 2), "ns", 128, 16, (64, 64, 3), penalty=r1
    ),
    "attention32-hinge": lambda: iteration(
        dcgan_generator(3, 32, 64, 3, True), dcgan_discriminator(64, 3, False, True), "hinge", 128, 64, (32, 32, 3)
    ),
    "table-ctgan": lambda: iteration(
        table_generator(), table_discriminator(), "wasserstein", 128, 500, (194,), penalty=wgan_gp(PACK), table=True
    ),
    "dcgan28-samples": lambda: samples(dcgan_generator(1, 28, 64, 2), 64, 256),
}


def main():
    parser = parser_of(__doc__)
    args = parser.parse_args()
    tell("jax", jax.__version__, WORKLOADS, args)


if __name__ == "__main__":
    main()
