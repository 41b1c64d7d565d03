#!/usr/bin/env python3
"""The workloads of bench/workloads.ts in TensorFlow on the CPU, as TF-GAN runs them: a tf.function for each step, NHWC.

    peer_tensorflow.py [--threads 2] [--repeats 20] [--only NAME[,NAME]] [--xla]

Prints {"tensorflow", "threads", "workloads": {NAME: {"ms": median, "min", "iterations"}}}. With --xla the functions are
compiled by XLA.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

from peer_timing import parser_of, tell

L = tf.keras.layers
XLA = False


def net(*layers):
    return tf.keras.Sequential(layers)


def mlp(outputs, hidden=128):
    return net(L.Dense(hidden, "relu"), L.Dense(hidden, "relu"), L.Dense(outputs))


def conv(filters, kernel, stride=1, bias=True):
    return L.Conv2D(filters, kernel, stride, "same", use_bias=bias)


class Attention(L.Layer):
    def build(self, shape):
        c = shape[-1]
        self.query, self.key, self.value, self.out = conv(c // 8, 1), conv(c // 8, 1), conv(c // 2, 1), conv(c, 1)
        self.gamma = self.add_weight(shape=(1,), initializer=tf.keras.initializers.Constant(0.1))

    def call(self, x):
        _, h, w, _ = x.shape
        flat = lambda t: tf.reshape(t, (-1, h * w, t.shape[-1]))
        weights = tf.nn.softmax(tf.matmul(flat(self.query(x)), flat(self.key(x)), transpose_b=True))
        seen = tf.matmul(weights, flat(self.value(x)))
        return x + self.gamma * self.out(tf.reshape(seen, (-1, h, w, seen.shape[-1])))


def dcgan_generator(channels, size, base, levels, before_last=()):
    start, width = size >> levels, base << (levels - 1)
    layers = [L.Dense(width * start**2), L.Reshape((start, start, width)), L.BatchNormalization(), L.ReLU()]
    for level in reversed(range(levels - 1)):
        layers += [L.Conv2DTranspose(base << level, 4, 2, "same", use_bias=False), L.BatchNormalization(), L.ReLU()]
    return net(*layers, *before_last, L.Conv2DTranspose(channels, 4, 2, "same", activation="tanh"))


def dcgan_discriminator(base, levels, batch_norm, after_first=()):
    layers = [conv(base, 4, 2), L.LeakyReLU(0.2), *after_first]
    for level in range(1, levels):
        layers.append(conv(base << level, 4, 2, not batch_norm))
        layers += [L.BatchNormalization()] if batch_norm else []
        layers.append(L.LeakyReLU(0.2))
    return net(*layers, L.Flatten(), L.Dense(1))


class Residual(L.Layer):
    def __init__(self, body, shortcut=None):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def call(self, x, training=True):
        return self.body(x, training=training) + (x if self.shortcut is None else self.shortcut(x))


def resnet_generator(width, ups):
    up = lambda: Residual(
        net(
            L.BatchNormalization(), L.ReLU(), L.UpSampling2D(), conv(width, 3),
            L.BatchNormalization(), L.ReLU(), conv(width, 3),
        ),
        net(L.UpSampling2D(), conv(width, 1)),
    )
    last = L.Conv2D(3, 3, 1, "same", activation="tanh")
    blocks = [up() for _ in range(ups)]
    return net(L.Dense(width * 16), L.Reshape((4, 4, width)), *blocks, L.BatchNormalization(), L.ReLU(), last)


def resnet_discriminator(width, downs):
    body = lambda: [L.ReLU(), conv(width, 3), L.ReLU(), conv(width, 3)]
    pool = lambda: L.AveragePooling2D(2)
    first = Residual(net(conv(width, 3), L.ReLU(), conv(width, 3), pool()), net(pool(), conv(width, 1)))
    down = lambda: Residual(net(*body(), pool()), net(conv(width, 1), pool()))
    rest = [Residual(net(*body())) for _ in range(2)]
    pooled = L.Lambda(lambda x: tf.reduce_sum(x, (1, 2)))
    return net(first, *(down() for _ in range(downs)), *rest, L.ReLU(), pooled, L.Dense(1))


# Of CTGAN's rows: numbers, groups of choices (count, size), and the choices that make the condition.
NUMBERS, GROUPS, CONDITION, PACK = 6, ((6, 10), (8, 8)), 64, 10


class TableGenerator(tf.keras.Model):
    def __init__(self, hidden=256):
        super().__init__()
        self.hidden = [net(L.Dense(hidden), L.BatchNormalization(), L.ReLU()) for _ in range(2)]
        self.out = L.Dense(NUMBERS + sum(count * size for count, size in GROUPS))

    def call(self, given, training=True):
        z, condition = given
        h = tf.concat([z, condition], 1)
        for layer in self.hidden:
            h = tf.concat([layer(h, training=training), h], 1)
        raw, at = self.out(h), NUMBERS
        made = [tf.tanh(raw[:, :NUMBERS])]
        for count, size in GROUPS:
            logits = tf.reshape(raw[:, at : at + count * size], (-1, count, size))
            noise = -tf.math.log(-tf.math.log(tf.random.uniform(tf.shape(logits), 1e-6, 1 - 1e-6)))
            made.append(tf.reshape(tf.nn.softmax((logits + noise) / 0.2), (-1, count * size)))
            at += count * size
        last, size = GROUPS[-1]
        likely = tf.nn.log_softmax(tf.reshape(raw[:, -CONDITION:], (-1, last, size)))
        own = -tf.reduce_sum(condition * tf.reshape(likely, (-1, CONDITION))) / z.shape[0]
        return tf.concat([*made, condition], 1), own


def table_discriminator(inputs, hidden=256):
    layer = lambda: [L.Dense(hidden), L.LeakyReLU(0.2), L.Dropout(0.5)]
    pack = L.Lambda(lambda x: tf.reshape(x, (-1, inputs * PACK)))
    return net(pack, *layer(), *layer(), L.Dense(1))


def slopes(critic, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = tf.reduce_sum(critic(x, training=True))
    return tape.gradient(score, x)


def wgan_gp(pack=1):
    def penalty(critic, real, fake):
        count = real.shape[0] // pack
        epsilon = tf.repeat(tf.random.uniform((count, *[1] * (len(real.shape) - 1))), pack, 0)
        gradient = tf.reshape(slopes(critic, epsilon * real + (1 - epsilon) * fake), (count, -1))
        return 10 * tf.reduce_mean((tf.norm(gradient, axis=1) - 1) ** 2)

    return penalty


def r1(critic, real, _fake):
    return 5 * tf.reduce_mean(tf.reduce_sum(slopes(critic, real) ** 2, (1, 2, 3)))


mean, soft, relu = tf.reduce_mean, tf.nn.softplus, tf.nn.relu
LOSSES = {
    "ns": (lambda r, f: mean(soft(-r)) + mean(soft(f)), lambda f: mean(soft(-f))),
    "wasserstein": (lambda r, f: mean(f) - mean(r), lambda f: -mean(f)),
    "hinge": (lambda r, f: mean(relu(1 - r)) + mean(relu(1 + f)), lambda f: -mean(f)),
}


def iteration(
    generator, critic, loss, latent, batch, shape, critic_steps=1, betas=(0.5, 0.999), penalty=None, table=False
):
    d_opt, g_opt = (tf.keras.optimizers.Adam(1e-4, *betas) for _ in range(2))
    reals = [tf.random.uniform((batch, *shape), -1, 1) for _ in range(8)]
    d_loss_of, g_loss_of = LOSSES[loss]
    count = 0

    def make(real):
        z = tf.random.normal((batch, latent))
        return generator((z, real[:, -CONDITION:]), training=True) if table else (generator(z, training=True), 0.0)

    make(reals[0])
    critic(reals[0])
    d_opt.build(critic.trainable_variables)
    g_opt.build(generator.trainable_variables)

    @tf.function(jit_compile=XLA)
    def d_step(real):
        fake, _ = make(real)
        with tf.GradientTape() as tape:
            value = d_loss_of(critic(real, training=True), critic(fake, training=True))
            if penalty is not None:
                value += penalty(critic, real, fake)
        d_opt.apply_gradients(zip(tape.gradient(value, critic.trainable_variables), critic.trainable_variables))
        return value

    @tf.function(jit_compile=XLA)
    def g_step(real):
        with tf.GradientTape() as tape:
            fake, own = make(real)
            value = g_loss_of(critic(fake, training=True)) + own
        g_opt.apply_gradients(zip(tape.gradient(value, generator.trainable_variables), generator.trainable_variables))
        return value

    def step():
        nonlocal count
        for _ in range(critic_steps):
            real = reals[count % len(reals)]
            count += 1
            d_loss = d_step(real)
        return float(d_loss), float(g_step(real))

    return step


def samples(generator, latent, batch):
    make = tf.function(lambda: generator(tf.random.normal((batch, latent)), training=False), jit_compile=XLA)
    generator(tf.random.normal((batch, latent)))
    return lambda: make().numpy()


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
        dcgan_generator(3, 32, 64, 3, [Attention()]), dcgan_discriminator(64, 3, False, [Attention()]), "hinge", 128,
        64, (32, 32, 3),
    ),
    "table-ctgan": lambda: iteration(
        TableGenerator(), table_discriminator(194), "wasserstein", 128, 500, (194,), penalty=wgan_gp(PACK), table=True
    ),
    "dcgan28-samples": lambda: samples(dcgan_generator(1, 28, 64, 2), 64, 256),
}


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--xla", action="store_true")
    args = parser.parse_args()
    global XLA
    XLA = args.xla
    tf.config.threading.set_intra_op_parallelism_threads(args.threads)
    tf.config.threading.set_inter_op_parallelism_threads(args.threads)
    tell("tensorflow", tf.__version__, WORKLOADS, args, lambda: tf.random.set_seed(0))


if __name__ == "__main__":
    main()
