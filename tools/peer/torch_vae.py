#!/usr/bin/env python3
"""The peer to beat: the same VAE in PyTorch on the CPU (Debian package python3-torch), on the same digits.

Trains on the first 9,000 embedded digits, holds out the last 1,000, and prints training speed in images/s
and held-out nats per image (bce + KL, one noise sample) as time goes by.  Only training time is counted.

usage: torch_vae.py [--hidden 512-256] [--latent 2] [--act silu] [--batch 128] [--lr 1e-3] [--threads 1]
                    [--seconds 30] [--bf16] [--cosine] [--drop 0.3] [--ema 0.999]
"""
import argparse, copy, gzip, math, os, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

p = argparse.ArgumentParser()
p.add_argument("--hidden", default="512-256"); p.add_argument("--latent", type=int, default=2)
p.add_argument("--act", default="silu"); p.add_argument("--batch", type=int, default=128)
p.add_argument("--lr", type=float, default=1e-3); p.add_argument("--threads", type=int, default=1)
p.add_argument("--seconds", type=float, default=30); p.add_argument("--bf16", action="store_true")
p.add_argument("--drop", type=float, default=0, help="share of input pixels hidden from the encoder")
p.add_argument("--ema", type=float, default=0, help="average the weights with this decay, and judge the average")
p.add_argument("--cosine", action="store_true"); p.add_argument("--seed", type=int, default=0)
a = p.parse_args()
torch.set_num_threads(a.threads); torch.manual_seed(a.seed)

here = os.path.dirname(os.path.abspath(__file__))
raw = gzip.open(os.path.join(here, "..", "..", "assets", "data", "digits-images-idx3-ubyte.gz")).read()
images = torch.from_numpy(np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 784).astype(np.float32) / 255)
train, held = images[:9000], images[9000:]
Act = {"relu": nn.ReLU, "silu": nn.SiLU, "tanh": nn.Tanh, "gelu": nn.GELU}[a.act]


def stack(dims, last):
    layers = []
    for i, (n, m) in enumerate(zip(dims, dims[1:])):
        layers.append(nn.Linear(n, m))
        if not (last and i == len(dims) - 2):
            layers.append(Act())
    return nn.Sequential(*layers)


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        h = [int(v) for v in a.hidden.split("-")]
        self.enc = stack([784] + h, False)
        self.head = nn.Linear(h[-1], 2 * a.latent)
        self.dec = stack([a.latent] + h[::-1] + [784], True)

    def loss(self, x, seen=None):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=a.bf16):
            mu, logvar = self.head(self.enc(x if seen is None else seen)).float().chunk(2, 1)
            logits = self.dec(mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)).float()
        rec = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
        kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum() / len(x)
        return rec, kl


model = Vae()
opt = torch.optim.Adam(model.parameters(), a.lr)
mean = copy.deepcopy(model) if a.ema else model
spent, seen, step, mark = 0.0, 0, 0, 1.0
while spent < a.seconds:
    t = time.perf_counter()
    if a.cosine:
        opt.param_groups[0]["lr"] = a.lr * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * spent / a.seconds)))
    x = train[torch.randint(0, len(train), (a.batch,))]
    rec, kl = model.loss(x, x * (torch.rand_like(x) > a.drop) if a.drop else None)
    opt.zero_grad(); (rec + kl).backward(); opt.step()
    if a.ema:
        with torch.no_grad():
            keep = min(a.ema, (1 + step) / (10 + step))
            for p, q in zip(mean.parameters(), model.parameters()):
                p.mul_(keep).add_(q, alpha=1 - keep)
    seen += a.batch; step += 1; spent += time.perf_counter() - t
    if spent >= mark or spent >= a.seconds:
        mark = math.floor(spent) + 1.0
        with torch.no_grad():
            r, k = mean.loss(held)
        print(f"{spent:7.1f} s {seen:9d} images {seen/spent:8.0f} images/s  held-out {r+k:7.2f} = {r:7.2f} + {k:5.2f}", flush=True)
