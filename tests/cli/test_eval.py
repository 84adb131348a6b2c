#!/usr/bin/env python3
"""What `latentscape eval --exact` and `--measures` promise, on a small data set of its own.

    tests/cli/test_eval.py PROGRAM
"""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
SMALL = ('--data', 'data', '--hidden', '24,12', '--batch', '32', '--threads', '2')


def call(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def succeed(*words):
    status, said, complaint = call(*words)
    assert status == 0, (words, status, complaint)
    return said


def write_data():
    """Bars of random length: 8 x 8 pixels, two classes, a tenth held out."""
    rng = random.Random(1)
    count, pixels, labels = 300, bytearray(), bytearray()
    for _ in range(count):
        across, length, at = rng.random() < 0.5, rng.randint(2, 8), rng.randint(0, 7)
        for y in range(8):
            for x in range(8):
                along, beside = (x, y) if across else (y, x)
                lit = along < length and beside == at
                pixels.append(rng.randint(180, 255) if lit else rng.randint(0, 30))
        labels.append(int(across))
    os.mkdir('data')
    with open('data/bars-images-idx3-ubyte', 'wb') as file:
        file.write(struct.pack('>IIII', 0x803, count, 8, 8) + pixels)
    with open('data/bars-labels-idx1-ubyte', 'wb') as file:
        file.write(struct.pack('>II', 0x801, count) + labels)


def exact_figures_hold_together():
    words = ('eval', 'model', '--data', 'data', '--exact')
    told = json.loads(succeed(*words, '--json'))
    assert told['gap'] > -1e-3, told
    assert told['grid_change'] < 0.01, told
    assert told['grid_cells'] == 80 * told['grid_half'], told
    assert json.loads(succeed(*words, '--json', '--threads', '1')) == told
    assert json.loads(succeed(*words, '--json', '--threads', '3')) == told
    page = succeed(*words)
    assert f"{told['log_p']:.3f}" in page and f"{told['gap']:.3f}" in page, page


def exact_adds_to_what_is_told_and_changes_none_of_it():
    words = ('eval', 'model', '--data', 'data', '--json')
    plain, exact = json.loads(succeed(*words)), json.loads(succeed(*words, '--exact'))
    assert list(plain) == ['images', 'rec', 'kl', 'elbo'], plain
    assert all(exact[name] == plain[name] for name in plain)


def other_latent_sizes_are_refused_in_a_sentence():
    succeed('train', '--out', 'three', *SMALL, '--latent', '3', '--steps', '1')
    status, _, complaint = call('eval', 'three', '--data', 'data', '--exact')
    assert status == 1 and 'two latent dimensions' in complaint and '3' in complaint, complaint
    assert complaint.count('\n') == 1, complaint


def measures_are_the_same_each_time_and_tell_what_is_missing():
    words = ('eval', 'model', '--data', 'data', '--measures')
    told = json.loads(succeed(*words, '--json'))
    measures = told['measures']
    assert list(measures) == ['sharpness', 'clarity', 'coherence', 'agreement', 'precision', 'recall',
                              'coverage', 'active', 'information', 'distance', 'overfitting'], told
    assert measures['coherence'] is None and measures['agreement'] is None, told
    with open(os.path.join(os.path.dirname(HERE), '..', 'docs', 'measures.md'), encoding='utf-8') as page:
        explained = page.read()
    for name, figure in measures.items():
        assert f'`{name}`' in explained, name
        assert figure is None or figure['error'] >= 0, (name, figure)
    assert 0 <= measures['active']['value'] <= 2 and measures['sharpness']['value'] >= 0, told
    assert json.loads(succeed(*words, '--json', '--threads', '1')) == told
    assert json.loads(succeed(*words, '--json', '--threads', '3')) == told
    page = succeed(*words)
    assert f"{measures['sharpness']['value']:.3f}" in page, page
    assert 'coherence' in page and '28 x 28' in page, page


CHECKS = (measures_are_the_same_each_time_and_tell_what_is_missing,
          exact_figures_hold_together, exact_adds_to_what_is_told_and_changes_none_of_it,
          other_latent_sizes_are_refused_in_a_sentence)


def run(checks, *training):
    """In a folder with the data set, and a model where there is a training of it."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write_data()
        if training:
            succeed('train', '--out', 'model', *training)
        for check in checks:
            check()
            print('ok', check.__name__)
        os.chdir('/')


if __name__ == '__main__':
    run(CHECKS, *SMALL, '--steps', '400')
