#!/usr/bin/env python3
"""The workloads of bench/workloads.ts in PyTorch on the CPU: the same networks, batches and order of steps.

    peer_torch.py [--threads 2] [--repeats 20] [--only NAME[,NAME]] [--compile] [--channels-last] [--device cuda] [--list]

Prints {"torch", "threads", "workloads": {NAME: {"ms": median, "min", "iterations"}}}. With --compile both networks are
compiled; within a gradient penalty they are not, since compiled ones cannot be differentiated twice.
"""
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_PROC_BIND", "true")
import torch
import torch.nn as nn
import torch.nn.functional as F

from peer_timing import parser_of, tell

COMPILE = False
CHANNELS_LAST = False


def mlp(inputs, outputs, hidden=128):
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, outputs)
    )


class DcganGenerator(nn.Module):
    def __init__(self, latent, channels, size, base, levels, before_last=None):
        super().__init__()
        self.start, self.width = size >> levels, base << (levels - 1)
        self.dense = nn.Linear(latent, self.width * self.start**2)
        self.norm0 = nn.BatchNorm2d(self.width)
        blocks, c = [], self.width
        for _ in range(levels - 1):
            blocks += [nn.ConvTranspose2d(c, c // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(c // 2), nn.ReLU()]
            c //= 2
        blocks += [before_last] if before_last else []
        self.blocks = nn.Sequential(*blocks, nn.ConvTranspose2d(c, channels, 4, 2, 1), nn.Tanh())

    def forward(self, z):
        h = self.dense(z).view(-1, self.width, self.start, self.start)
        return self.blocks(F.relu(self.norm0(h)))


def dcgan_discriminator(channels, size, base, levels, batch_norm, after_first=None):
    layers, c = [nn.Conv2d(channels, base, 4, 2, 1), nn.LeakyReLU(0.2)], base
    layers += [after_first] if after_first else []
    for _ in range(levels - 1):
        layers.append(nn.Conv2d(c, c * 2, 4, 2, 1, bias=not batch_norm))
        c *= 2
        layers += [nn.BatchNorm2d(c)] if batch_norm else []
        layers.append(nn.LeakyReLU(0.2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(c * (size >> levels) ** 2, 1))


class Attention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.query, self.key = nn.Conv2d(channels, channels // 8, 1), nn.Conv2d(channels, channels // 8, 1)
        self.value, self.out = nn.Conv2d(channels, channels // 2, 1), nn.Conv2d(channels // 2, channels, 1)
        self.gamma = nn.Parameter(torch.full((1,), 0.1))

    def forward(self, x):
        weights = torch.softmax(self.query(x).flatten(2).transpose(1, 2) @ self.key(x).flatten(2), -1)
        seen = self.value(x).flatten(2) @ weights.transpose(1, 2)
        return x + self.gamma * self.out(seen.unflatten(2, x.shape[2:]))


class Residual(nn.Module):
    def __init__(self, body, shortcut=nn.Identity()):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class ResnetGenerator(nn.Module):
    def __init__(self, latent, width, ups):
        super().__init__()
        self.width = width
        self.dense = nn.Linear(latent, width * 16)
        up = lambda: Residual(
            nn.Sequential(
                nn.BatchNorm2d(width), nn.ReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, 1, 1),
                nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, width, 3, 1, 1),
            ),
            nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 1)),
        )
        self.blocks = nn.Sequential(
            *(up() for _ in range(ups)), nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, 3, 3, 1, 1), nn.Tanh()
        )

    def forward(self, z):
        return self.blocks(self.dense(z).view(-1, self.width, 4, 4))


class ResnetDiscriminator(nn.Module):
    def __init__(self, width, downs):
        super().__init__()
        body = lambda: [nn.ReLU(), nn.Conv2d(width, width, 3, 1, 1), nn.ReLU(), nn.Conv2d(width, width, 3, 1, 1)]
        pool = lambda: nn.AvgPool2d(2)
        first = Residual(
            nn.Sequential(nn.Conv2d(3, width, 3, 1, 1), nn.ReLU(), nn.Conv2d(width, width, 3, 1, 1), pool()),
            nn.Sequential(pool(), nn.Conv2d(3, width, 1)),
        )
        down = lambda: Residual(nn.Sequential(*body(), pool()), nn.Sequential(nn.Conv2d(width, width, 1), pool()))
        plain = lambda: Residual(nn.Sequential(*body()))
        self.blocks = nn.Sequential(first, *(down() for _ in range(downs)), plain(), plain(), nn.ReLU())
        self.head = nn.Linear(width, 1)

    def forward(self, x):
        return self.head(self.blocks(x).sum((2, 3)))


# Of CTGAN's rows: numbers, groups of choices (count, size), and the choices that make the condition.
NUMBERS, GROUPS, CONDITION, PACK = 6, ((6, 10), (8, 8)), 64, 10


class TableGenerator(nn.Module):
    def __init__(self, latent=128, hidden=256):
        super().__init__()
        self.row = NUMBERS + sum(count * size for count, size in GROUPS)
        width, self.hidden = latent + CONDITION, nn.ModuleList()
        for _ in range(2):
            self.hidden.append(nn.Sequential(nn.Linear(width, hidden), nn.BatchNorm1d(hidden), nn.ReLU()))
            width += hidden
        self.out = nn.Linear(width, self.row)

    def forward(self, z, condition):
        h = torch.cat([z, condition], 1)
        for layer in self.hidden:
            h = torch.cat([layer(h), h], 1)
        raw, at = self.out(h), NUMBERS
        made = [raw[:, :NUMBERS].tanh()]
        for count, size in GROUPS:
            logits = raw[:, at : at + count * size].view(-1, count, size)
            made.append(F.gumbel_softmax(logits, tau=0.2).flatten(1))
            at += count * size
        last, size = GROUPS[-1]
        likely = F.log_softmax(raw[:, -CONDITION:].reshape(-1, last, size), -1).flatten(1)
        return torch.cat([*made, condition], 1), -(condition * likely).sum() / len(z)


def table_discriminator(inputs, hidden=256):
    layer = lambda n: [nn.Linear(n, hidden), nn.LeakyReLU(0.2), nn.Dropout(0.5)]
    return nn.Sequential(nn.Unflatten(0, (-1, PACK)), nn.Flatten(), *layer(inputs * PACK), *layer(hidden), nn.Linear(hidden, 1))


def slopes(critic, x):
    x = x.requires_grad_(True)
    gradient, = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient


def wgan_gp(pack=1):
    def penalty(critic, real, fake):
        epsilon = torch.rand(len(real) // pack, *[1] * (real.dim() - 1)).repeat_interleave(pack, 0)
        gradient = slopes(critic, epsilon * real + (1 - epsilon) * fake)
        return 10 * ((gradient.reshape(len(real) // pack, -1).norm(dim=1) - 1) ** 2).mean()

    return penalty


def r1(critic, real, fake):
    return 5 * slopes(critic, real.clone()).square().sum((1, 2, 3)).mean()


LOSSES = {
    "ns": (lambda r, f: F.softplus(-r).mean() + F.softplus(f).mean(), lambda f: F.softplus(-f).mean()),
    "wasserstein": (lambda r, f: f.mean() - r.mean(), lambda f: -f.mean()),
    "hinge": (lambda r, f: F.relu(1 - r).mean() + F.relu(1 + f).mean(), lambda f: -f.mean()),
}


def iteration(
    generator, critic, loss, latent, batch, shape, critic_steps=1, betas=(0.5, 0.999), penalty=None, table=False
):
    d_opt, g_opt = (torch.optim.Adam(m.parameters(), lr=1e-4, betas=betas) for m in (critic, generator))
    reals = [torch.rand(batch, *shape) * 2 - 1 for _ in range(8)]
    if CHANNELS_LAST and len(shape) == 3:
        generator, critic = (m.to(memory_format=torch.channels_last) for m in (generator, critic))
        reals = [x.contiguous(memory_format=torch.channels_last) for x in reals]
    plain = critic
    if COMPILE:
        generator, critic = torch.compile(generator), torch.compile(critic)
    d_loss_of, g_loss_of = LOSSES[loss]
    count = 0

    def make(real):
        z = torch.randn(batch, latent)
        return generator(z, real[:, -CONDITION:]) if table else (generator(z), 0)

    def step():
        nonlocal count
        for _ in range(critic_steps):
            real = reals[count % len(reals)]
            count += 1
            with torch.no_grad():
                fake, _ = make(real)
            d_opt.zero_grad()
            d_loss = d_loss_of(critic(real), critic(fake))
            if penalty is not None:
                d_loss = d_loss + penalty(plain, real, fake)
            d_loss.backward()
            d_opt.step()
        g_opt.zero_grad()
        fake, own = make(real)
        g_loss = g_loss_of(critic(fake)) + own
        g_loss.backward()
        g_opt.step()
        return d_loss.item(), g_loss.item()

    return step


def samples(generator, latent, batch):
    generator.eval()
    if CHANNELS_LAST:
        generator = generator.to(memory_format=torch.channels_last)
    if COMPILE:
        generator = torch.compile(generator)

    def step():
        with torch.no_grad():
            return generator(torch.randn(batch, latent)).contiguous().cpu().numpy()

    return step


WGAN_GP = {"critic_steps": 5, "betas": (0.0, 0.9), "penalty": wgan_gp()}
WORKLOADS = {
    "mlp-wgan-gp": lambda: iteration(mlp(16, 2), mlp(2, 1), "wasserstein", 16, 256, (2,), **WGAN_GP),
    "mlp-ns": lambda: iteration(mlp(16, 2), mlp(2, 1), "ns", 16, 256, (2,)),
    "dcgan28-ns": lambda: iteration(
        DcganGenerator(64, 1, 28, 64, 2), dcgan_discriminator(1, 28, 64, 2, True), "ns", 64, 64, (1, 28, 28)
    ),
    "dcgan28-wgan-gp": lambda: iteration(
        DcganGenerator(64, 1, 28, 64, 2), dcgan_discriminator(1, 28, 64, 2, False), "wasserstein", 64, 64,
        (1, 28, 28), **WGAN_GP,
    ),
    "dcgan64-ns": lambda: iteration(
        DcganGenerator(128, 3, 64, 32, 4), dcgan_discriminator(3, 64, 32, 4, True), "ns", 128, 32, (3, 64, 64)
    ),
    "resnet64-r1": lambda: iteration(
        ResnetGenerator(128, 32, 4), ResnetDiscriminator(32, 2), "ns", 128, 16, (3, 64, 64), penalty=r1
    ),
    "attention32-hinge": lambda: iteration(
        DcganGenerator(128, 3, 32, 64, 3, Attention(64)), dcgan_discriminator(3, 32, 64, 3, False, Attention(64)),
        "hinge", 128, 64, (3, 32, 32),
    ),
    "table-ctgan": lambda: iteration(
        TableGenerator(), table_discriminator(194), "wasserstein", 128, 500, (194,), penalty=wgan_gp(PACK), table=True
    ),
    "dcgan28-samples": lambda: samples(DcganGenerator(64, 1, 28, 64, 2), 64, 256),
}


def main():
    parser = parser_of(__doc__)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    global COMPILE, CHANNELS_LAST
    COMPILE, CHANNELS_LAST = args.compile, args.channels_last
    if args.list:
        print("\n".join(WORKLOADS))
        return
    torch.set_num_threads(args.threads)
    torch.set_default_device(args.device)
    tell("torch", torch.__version__, WORKLOADS, args, lambda: torch.manual_seed(0))


if __name__ == "__main__":
    main()
