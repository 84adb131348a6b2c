#!/usr/bin/env python3
"""Changes of the model itself, tried in PyTorch (Debian package python3-torch) before the program has them:
skip connections from the code, residual blocks, a scale and an offset of the output, dropout in the decoder,
noise on the code. Equal images, equal seeds, everything else equal: Adam, a warm-up of 100 steps, a cosine that
ends with the last image, averaged weights. Only differences between the lines mean something.

usage: trials.py [--hidden 256-128] [--images 256000] [--seeds 3] [--lr 3e-3] [TRIAL ...]
"""
import argparse, copy, gzip, math, os
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

TRIALS = {
    "plain": {},
    "offset": {"offset": True},
    "scale": {"scale": True},
    "offset scale": {"offset": True, "scale": True},
    "skip": {"skip": True},
    "residual": {"residual": True},
    "offset skip": {"offset": True, "skip": True},
    "offset residual": {"offset": True, "residual": True},
    "dropout 0.1": {"dropout": 0.1},
    "noise 0.1": {"noise": 0.1},
}

p = argparse.ArgumentParser()
p.add_argument("--hidden", default="256-128"); p.add_argument("--images", type=int, default=256000)
p.add_argument("--seeds", type=int, default=3); p.add_argument("--lr", type=float, default=3e-3)
p.add_argument("--threads", type=int, default=1); p.add_argument("--batch", type=int, default=128)
p.add_argument("trials", nargs="*", metavar="TRIAL", help=", ".join(TRIALS))
a = p.parse_args()
torch.set_num_threads(a.threads)

here = os.path.dirname(os.path.abspath(__file__))
raw = gzip.open(os.path.join(here, "..", "..", "assets", "data", "digits-images-idx3-ubyte.gz")).read()
images = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 784).astype(np.float32) / 255)
train, held = images[:9000], images[9000:]


def linear(n, m, gain=2.0):
    """Weights as the program draws them: He's deviation, biases 0."""
    layer = nn.Linear(n, m)
    nn.init.normal_(layer.weight, 0, math.sqrt(gain / n))
    nn.init.zeros_(layer.bias)
    return layer


class Decoder(nn.Module):
    """skip: the code enters each layer. residual: each hidden layer is followed by one more of its width, whose
    answer is added to what it was given; its weights begin at 0."""

    def __init__(self, dims, skip=False, residual=False, scale=False, offset=False, dropout=0.0, noise=0.0):
        super().__init__()
        self.dropout, self.noise = dropout, noise
        self.layers = nn.ModuleList(linear(n, m) for n, m in zip(dims, dims[1:]))
        self.skips = nn.ModuleList(nn.Linear(dims[0], m, bias=False) for m in dims[2:]) if skip else None
        self.blocks = nn.ModuleList(nn.Linear(m, m) for m in dims[1:-1]) if residual else None
        for layer in list(self.skips or []) + list(self.blocks or []):
            nn.init.zeros_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        self.scale = nn.Parameter(torch.ones(())) if scale else None
        if offset:
            mean = train.mean(0).clamp(1e-3, 1 - 1e-3)
            with torch.no_grad():
                self.layers[-1].bias.copy_(torch.log(mean / (1 - mean)))

    def forward(self, z):
        if self.training and self.noise:
            z = z + self.noise * torch.randn_like(z)
        h = z
        for i, layer in enumerate(self.layers):
            h = layer(h)
            if self.skips is not None and i > 0:
                h = h + self.skips[i - 1](z)
            if i + 1 < len(self.layers):
                h = F.silu(h)
                if self.blocks is not None:
                    h = h + F.silu(self.blocks[i](h))
                if self.dropout:
                    h = F.dropout(h, self.dropout, self.training)
        return h if self.scale is None else h * self.scale


class Vae(nn.Module):
    def __init__(self, **trial):
        super().__init__()
        hidden = [int(v) for v in a.hidden.split("-")]
        dims = [784] + hidden
        self.encoder = nn.Sequential(*[m for n, w in zip(dims, dims[1:]) for m in (linear(n, w), nn.SiLU())])
        self.head = linear(hidden[-1], 4, 1.0)
        self.decoder = Decoder([2] + hidden[::-1] + [784], **trial)

    def loss(self, x, eps):
        mu, logvar = self.head(self.encoder(x)).chunk(2, 1)
        logits = self.decoder(mu + eps * torch.exp(0.5 * logvar))
        rec = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
        return rec + 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum() / len(x)


def run(trial, seed):
    torch.manual_seed(seed)
    model = Vae(**trial)
    mean = copy.deepcopy(model).eval()
    opt = torch.optim.Adam(model.parameters(), a.lr)
    draw = torch.Generator().manual_seed(1000 + seed)  # the same images and noise, whatever else draws
    steps, half = a.images // a.batch, math.nan
    judge = torch.randn(len(held), 2, generator=torch.Generator().manual_seed(0))
    for step in range(steps):
        height = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps))
        opt.param_groups[0]["lr"] = a.lr * min((step + 1) / 100, 1) * height
        x = train[torch.randint(0, len(train), (a.batch,), generator=draw)]
        opt.zero_grad(set_to_none=True)
        model.loss(x, torch.randn(len(x), 2, generator=draw)).backward()
        opt.step()
        with torch.no_grad():
            keep = min(0.999, (1 + step) / (10 + step))
            for average, newest in zip(mean.parameters(), model.parameters()):
                average.mul_(keep).add_(newest, alpha=1 - keep)
            if step + 1 == steps // 2:
                half = mean.loss(held, judge).item()
    with torch.no_grad():
        return mean.loss(held, judge).item(), half


print(f"Held-out nats after {a.images} images, {a.seeds} seeds: mean, worst, mean halfway", flush=True)
for name in a.trials or TRIALS:
    results = [run(TRIALS[name], seed) for seed in range(1, a.seeds + 1)]
    nats, half = zip(*results)
    print(f"{np.mean(nats):7.2f} {max(nats):7.2f} {np.mean(half):7.2f}  {name}", flush=True)
