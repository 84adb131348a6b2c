#!/usr/bin/env python3
"""Runs this program and torch_vae.py in turn on the same digits and prints their figures side by side.

usage: compare.py PROGRAM [--seconds S] [--rounds N] [--quality S] [--json FILE]
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'torch_vae.py')
LINE = re.compile(r'^\s*([\d.]+) s\s+(\d+) images\s+(\d+) images/s\s+held-out\s+([\d.]+)', re.MULTILINE)
MARKS = (155, 150)  # nats held out
# The fastest way known to good images with torch_vae.py.
FAST = ['--hidden', '256-128', '--act', 'silu', '--lr', '2e-3', '--cosine', '--ema', '0.999']
SAME = ['--hidden', '512-256', '--act', 'silu', '--lr', '1e-3', '--batch', '128']


def environment(**more):
    """Neither program is told by the surroundings how to multiply or to wait."""
    told = ('OPENBLAS_', 'OMP_', 'GOMP_', 'MKL_')
    return {**{k: v for k, v in os.environ.items() if not k.startswith(told)}, **more}


def peer(way, seconds, words):
    """[(seconds, images, nats)] of a run of PyTorch."""
    done = subprocess.run(['/usr/bin/python3', PEER, '--threads', str(way['threads']),
                           '--seconds', str(seconds), *words],
                          env=environment(**way['variables']), capture_output=True, text=True, check=True)
    return [(float(s), int(images), float(nats)) for s, images, _, nats in LINE.findall(done.stdout)]


def program(path, threads, seconds, words):
    """[(seconds, images, nats)] of a run of the program."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([path, 'train', '--out', os.path.join(folder, 'model.safetensors'),
                               '--threads', str(threads), '--seconds', str(seconds), '--json', '-', *words],
                              env=environment(), capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [(line['seconds'], line['images'], -line['heldout']['elbo']) for line in lines]


def backend(path):
    """What the program multiplies with where nobody chooses."""
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, 'model.safetensors')
        subprocess.run([path, 'train', '--out', model, '--steps', '1'], env=environment(),
                       capture_output=True, check=True)
        told = subprocess.run([path, 'info', model, '--json'], env=environment(), capture_output=True,
                              text=True, check=True)
    return json.loads(told.stdout)['metadata']['backend']


def speed(run):
    seconds, images, _ = run[-1]
    return images / seconds


def reached(run, mark):
    """Training seconds until the held-out nats fell to the mark; between two lines a straight line."""
    before = None
    for seconds, _, nats in run:
        if nats <= mark:
            if before is None:
                return seconds
            part = (before[1] - mark) / (before[1] - nats)
            return before[0] + part * (seconds - before[0])
        before = (seconds, nats)
    return None


def peer_ways():
    """What PyTorch may be started with: threads, how they wait, and kernels for wide vectors."""
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        wide = 'avx512vl' in file.read()
    for threads in sorted({1, os.cpu_count()}):
        for policy in ('ACTIVE', 'PASSIVE') if threads > 1 else ('PASSIVE',):
            for core in ('', 'SkylakeX') if wide else ('',):
                variables = {'OMP_WAIT_POLICY': policy, **({'OPENBLAS_CORETYPE': core} if core else {})}
                yield {'threads': threads, 'variables': variables}


def told(way):
    return ' '.join([f"{way['threads']} thread{'s' if way['threads'] > 1 else ''}"] +
                    [f'{name}={value}' for name, value in way['variables'].items()])


def best(ways, measure):
    figures = [(measure(way), i) for i, way in enumerate(ways)]
    return ways[max(figures)[1]]


def table(title, rows):
    print(f'\n{title}\n{"":44} {"latentscape":>12} {"PyTorch":>12} {"ratio":>8}')
    for name, own, other, ratio in rows:
        figure = lambda value: '-' if value is None else f'{value:,.0f}' if value >= 1000 else f'{value:.2f}'
        print(f'{name:44} {figure(own):>12} {figure(other):>12} {figure(ratio):>8}', flush=True)


def race(names, runs, rounds):
    """Median of each runner's speed, taken in turn."""
    figures = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            figures[name].append(speed(runs[name]()))
    return {name: statistics.median(values) for name, values in figures.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('--seconds', type=float, default=4)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--quality', type=float, default=25)
    parser.add_argument('--json')
    a = parser.parse_args()

    print(f'{sum(1 for _ in peer_ways())} ways to start PyTorch, 2 of the program, tried for 2 s each', flush=True)
    ways = list(peer_ways())
    one = best([way for way in ways if way['threads'] == 1], lambda way: speed(peer(way, 2, SAME)))
    most = best(ways, lambda way: speed(peer(way, 2, SAME)))
    threads = best(sorted({1, os.cpu_count()}), lambda n: speed(program(a.program, n, 2, [])))
    print(f'best: program with {threads} threads; PyTorch with {told(most)}', flush=True)

    same = ['--hidden', '512,256', '--activation', 'silu', '--lr', '1e-3', '--batch', '128',
            '--schedule', 'constant', '--warmup', '0', '--ema', '0', '--moved', '0']
    rounded = backend(a.program)
    runs = {'float32/1': lambda: program(a.program, 1, a.seconds, [*same, '--backend', 'openblas']),
            'peer/1': lambda: peer(one, a.seconds, SAME),
            'float32/best': lambda: program(a.program, threads, a.seconds, [*same, '--backend', 'openblas']),
            'peer/best': lambda: peer(most, a.seconds, SAME)}
    if rounded != 'openblas':
        runs['own/1'] = lambda: program(a.program, 1, a.seconds, same)
        runs['own/best'] = lambda: program(a.program, threads, a.seconds, same)
    figures = race(list(runs), runs, a.rounds)
    rows = []
    for kind, name in (('float32', 'float32'), ('own', rounded)):
        for key, width in (('1', 'one thread each'), ('best', 'each at its best')):
            if f'{kind}/{key}' in figures:
                rows.append((f'images/s, {name}, {width}', figures[f'{kind}/{key}'], figures[f'peer/{key}'],
                             figures[f'{kind}/{key}'] / figures[f'peer/{key}']))
    table('784-512-256-2-256-512-784, silu, Adam, batch 128; PyTorch in float32', rows)

    if a.quality > 0:
        other = peer(most, a.quality, FAST)
        quality = []
        for chosen in dict.fromkeys(('openblas', rounded)):
            own = program(a.program, threads, a.quality, ['--backend', chosen])
            name = 'float32' if chosen == 'openblas' else chosen
            for mark in MARKS:
                mine, theirs = reached(own, mark), reached(other, mark)
                quality.append((f'{name}: seconds until {mark} nats held out', mine, theirs,
                                mine / theirs if mine and theirs else None))
            quality.append((f'{name}: nats held out after {a.quality:g} s', own[-1][2], other[-1][2],
                            own[-1][2] / other[-1][2]))
        table(f'program: its defaults; PyTorch: {" ".join(FAST)}', quality)
        rows += quality
    if a.json:
        with open(a.json, 'w', encoding='utf-8') as file:
            json.dump([{'name': name, 'latentscape': own, 'pytorch': other, 'ratio': ratio}
                       for name, own, other, ratio in rows], file, indent=1)
    return 0


if __name__ == '__main__':
    sys.exit(main())
