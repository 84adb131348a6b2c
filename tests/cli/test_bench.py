#!/usr/bin/env python3
"""What other programs rely on in `latentscape bench`: its rows, never how fast they are.

usage: test_bench.py PROGRAM
"""
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
KEYS = {'part', 'name', 'value', 'unit', 'limit', 'ratio'}
PROMISED = {'train': {f'{what}/{n}' for what in ('openblas', 'tiles', 'best') for n in (1, 2)},
            'decode': {'grid24', 'one'}}
WINDOW = {f'memory/{what}' for what in (
    'p99_ms', 'max_ms', 'in_time', 'training_share', 'training', 'neighbour_p99_ms', 'neighbour_in_time',
    'fork_p99_ms', 'idle_cpu')}
# Rows of what not every machine has.
MAYBE = {f'{what}/{n}' for what in ('onednn-f32', 'tiles-bf16', 'onednn-bf16') for n in (1, 2)}


def run(*words):
    return subprocess.run([PROGRAM, 'bench', *words], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, check=False)


def without_display():
    own = {name: value for name, value in os.environ.items() if name not in ('DISPLAY', 'WAYLAND_DISPLAY')}
    return {**own, 'TMPDIR': os.getcwd()}


def state(pid):
    """The letter for what a process does, '' where there is none (or only its end is still to be taken)."""
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as file:
            return file.read().rpartition(')')[2].split()[0].replace('Z', '')
    except OSError:
        return ''


def children(pid):
    try:
        with open(f'/proc/{pid}/task/{pid}/children', encoding='utf-8') as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def await_that(what, seconds=120):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError('what was waited for did not come')
        time.sleep(0.01)


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='latentscape bench ')
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)

    def refuse(self, *words, holds):
        done = run(*words)
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.assertEqual(done.stderr.count('\n'), 1)
        self.assertIn(holds, done.stderr)

    def test_every_promised_row_is_there_and_sound(self):
        done = run('--part', 'decode,train', '--seconds', '0.2', '--json', 'f')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        with open('f', encoding='utf-8') as file:
            rows = json.load(file)
        there = [row for row in rows if row['name'] not in MAYBE]
        self.assertEqual([row['part'] for row in there], ['train'] * 6 + ['decode'] * 2)
        for row in rows:
            self.assertEqual(set(row) - {'steal'}, KEYS)
            for key in ('value', 'limit', 'ratio'):
                self.assertTrue(math.isfinite(row[key]) and row[key] > 0, row)
            self.assertAlmostEqual(row['ratio'], row['value'] / row['limit'], delta=1e-9 * row['ratio'])
            self.assertIn(row['name'], done.stdout)
        for part, names in PROMISED.items():
            self.assertEqual({row['name'] for row in there if row['part'] == part}, names)

    def need_window(self):
        if 'window' not in run('--help').stdout:
            self.skipTest('built without a window')

    def test_a_window_has_its_rows(self):
        self.need_window()
        done = subprocess.run([PROGRAM, 'bench', 'window', '--seconds', '4.5', '--json', '-'],
                              capture_output=True, text=True, timeout=300, env=without_display(),
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        rows = {row['name']: row for row in json.loads(done.stdout)}
        self.assertEqual(set(rows), WINDOW)
        for name in WINDOW - {'memory/idle_cpu', 'memory/in_time', 'memory/neighbour_in_time'}:
            value = rows[name]['value']
            self.assertTrue(math.isfinite(value) and value > 0, rows[name])
        self.assertGreaterEqual(rows['memory/max_ms']['value'], rows['memory/p99_ms']['value'])

    def test_nobody_is_left_behind_when_the_bench_is_ended(self):
        self.need_window()
        for how in (signal.SIGINT, signal.SIGKILL):
            with subprocess.Popen([PROGRAM, 'bench', 'window', '--seconds', '60'], env=without_display(),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as bench:
                self.addCleanup(bench.kill)
                # The window and the trainer beside it, one of them held.
                await_that(lambda: len(children(bench.pid)) == 2 and
                           'T' in [state(child) for child in children(bench.pid)])
                left = children(bench.pid)
                bench.send_signal(how)
                bench.wait(30)
                await_that(lambda: not any(state(child) for child in left))

    def test_best_is_the_backend_that_was_asked_for(self):
        done = run('train', '--seconds', '0.2', '--backend', 'openblas', '--json', '-')
        rows = {row['name']: row for row in json.loads(done.stdout)}
        self.assertEqual(rows['best/1']['value'], rows['openblas/1']['value'])
        self.refuse('--backend', 'abacus', holds='abacus')

    def test_parts_may_be_given_one_by_one_and_rows_go_to_standard_output(self):
        done = run('--part', 'decode', '--part=gemm', '--seconds', '0.05', '--json', '-')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual({row['part'] for row in json.loads(done.stdout)}, {'decode', 'gemm'})

    def test_a_part_may_be_named_without_an_option(self):
        done = run('decode', '--seconds', '0.05', '--json', '-')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual({row['part'] for row in json.loads(done.stdout)}, {'decode'})
        self.refuse('trian', holds='"train"')

    def test_lines_of_settings_race(self):
        done = run('--part', 'quality', '--seconds', '0.05', '--seeds', '2', '--json', '-',
                   '--race', 'hidden=16 lr=2e-3', '--race', 'hidden=8 latent=3')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        values = {row['name']: row['value'] for row in json.loads(done.stdout)}
        for line in ('hidden=16 lr=2e-3', 'hidden=8 latent=3'):
            self.assertTrue(0 < values[f'{line}/nats'] <= values[f'{line}/worst_nats'])
            self.assertGreater(values[f'{line}/images'], 0)
            self.assertIsNone(values[f'{line}/until_150'])
        self.refuse('--part', 'quality', '--race', 'lrr=1', holds='lrr')

    def test_a_race_by_images_comes_out_alike_each_time(self):
        with open('races', 'w', encoding='utf-8') as file:
            file.write('# small ones\nhidden=16 schedule=cosine\n\n  \nhidden=8 batch=100')
        words = ('quality', '--images', '20000', '--seeds', '2', '--races', 'races', '--json', '-')
        values = []
        for threads in '12':
            done = run(*words, '--threads', threads)
            self.assertEqual((done.returncode, done.stderr), (0, ''))
            values.append({row['name']: row['value'] for row in json.loads(done.stdout)
                           if row['unit'] in ('nats', 'images')})
        self.assertEqual(*values)
        self.assertEqual({name.split('/')[0] for name in values[0]},
                         {'hidden=16 schedule=cosine', 'hidden=8 batch=100'})
        self.assertEqual(values[0]['hidden=8 batch=100/images'], 20000)
        with open('races', 'a', encoding='utf-8') as file:
            file.write('\nlrr=1\n')
        self.refuse(*words, holds='races, line 6')

    def test_a_part_that_is_not_there_is_refused(self):
        self.refuse('--part', 'decode,trian', holds='"train"')
        self.refuse('--part', 'everything', holds='"everything"')
        self.refuse('--part', '', holds='""')
        self.refuse(*['--part=gemm'] * 33, holds='32 times')
        self.assertEqual(os.listdir('.'), [])


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
