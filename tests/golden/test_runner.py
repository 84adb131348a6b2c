#!/usr/bin/env python3
"""Tests of test_golden itself: it must not pass what is wrong, nor skip what is broken.

usage: test_runner.py TEST_GOLDEN FOLDER LATENTSCAPE [unittest options]
"""
import copy
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest

PROGRAM, FOLDER, LATENTSCAPE = sys.argv[1:4]


class Golden:
    """A file of the folder, to be changed and written elsewhere."""

    def __init__(self, name):
        with open(os.path.join(FOLDER, name + '.safetensors'), 'rb') as file:
            raw = file.read()
        size = struct.unpack('<Q', raw[:8])[0]
        self.header, self.data = json.loads(raw[8:8 + size]), bytearray(raw[8 + size:])

    def meta(self, key, value):
        self.header['__metadata__'][key] = value

    def number(self, tensor, index, value):
        at = self.header[tensor]['data_offsets'][0] + 4 * index
        self.data[at:at + 4] = struct.pack('<f', value)

    def bytes(self):
        text = json.dumps(self.header).encode()
        text += b' ' * (-len(text) % 8)
        return struct.pack('<Q', len(text)) + text + bytes(self.data)


class Runner(unittest.TestCase):
    whole = Golden('no_kl')

    def run_on(self, files):
        """Writes {name: bytes} and returns (exit status, lines)."""
        with tempfile.TemporaryDirectory() as folder:
            for name, data in files.items():
                with open(os.path.join(folder, name + '.safetensors'), 'wb') as file:
                    file.write(data)
            done = subprocess.run([PROGRAM, folder], capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout.splitlines()

    def changed(self, change, whole=None):
        golden = copy.deepcopy(whole or self.whole)
        change(golden)
        return self.run_on({'case': golden.bytes()})

    def assert_failed(self, change, text, whole=None):
        status, lines = self.changed(change, whole)
        self.assertEqual(status, 1)
        self.assertEqual(lines[-1], '0 passed, 1 failed, 0 skipped')
        self.assertRegex(lines[0], '^FAILED case: .*' + text)

    def test_whole_file_passes(self):
        self.assertEqual(self.changed(lambda g: None), (0, ['ok case', '1 passed, 0 failed, 0 skipped']))

    def test_one_wrong_number_fails_and_is_named(self):
        for tensor in ('out/mu', 'out/logits', 'grad/mu.bias', 'adam1/mu.bias', 'adam/decoder.2.bias'):
            with self.subTest(tensor):
                self.assert_failed(lambda g, t=tensor: g.number(t, 1, 9.0), tensor + ' differs by ')
        self.assert_failed(lambda g: g.number('losses', 4 * 9 + 2, 99.0), 'loss kl of step 9 differs by ')

    def test_nan_fails(self):
        self.assert_failed(lambda g: g.number('grad/mu.weight', 3, float('nan')), 'grad/mu.weight differs')
        self.assert_failed(lambda g: g.number('init/mu.bias', 0, float('nan')), 'out/mu differs')

    def test_wrong_settings_fail(self):
        for key, value in (('w_kl', '1'), ('w_rec', '0'), ('activation', '"tanh"'), ('lr', '0.01'),
                           ('reconstruction', '"gaussian"'), ('w_reg', '0.1')):
            with self.subTest(key):
                self.assert_failed(lambda g, k=key, v=value: g.meta(k, v), 'differs by')

    def test_what_only_some_losses_draw_or_ask_for_counts(self):
        for name, wrong in (('laplace_jacobian', ('probe', '{"l1": 0.02, "l2": 0.02}', 'mix')),
                            ('laplace_jacobian', (None, '7', 'beta_period')),
                            ('capacity_cyclical', ('seen', '9', 'capacity_steps')),
                            ('capacity_cyclical', (None, '"warmup"', 'beta_schedule')),
                            ('mmd_mask', ('prior', '0.8', 'div_param'))):
            tensor, value, key = wrong
            whole = Golden(name)
            with self.subTest(name, key=key):
                self.assert_failed(lambda g, k=key, v=value: g.meta(k, v), 'differs by', whole)
                if tensor:
                    self.assert_failed(lambda g, t=tensor: g.number(t, 3, 5.0), 'differs by', whole)
        for name, tensor in (('laplace_jacobian', 'probe'), ('mmd_mask', 'prior')):
            self.assert_failed(lambda g, t=tensor: g.header.update(other=g.header.pop(t)),
                               'lacks the tensor ' + tensor, Golden(name))

    def test_every_kind_of_every_term_has_its_numbers(self):
        with open(os.path.join(FOLDER, 'cases.json'), encoding='utf-8') as file:
            cases = json.load(file)
        told = {kind for case in cases for kind in
                (case['reconstruction'], case['regularization'], case['activation'], *case.get('mix', {}),
                 case.get('divergence', 'free_bits' if case['free_bits'] else 'kl'),
                 case.get('beta_schedule', 'constant'), case.get('input_noise', 'none'))}
        page = subprocess.run([LATENTSCAPE, 'train', '--help'], capture_output=True, text=True, check=True,
                              timeout=60).stdout
        words = re.sub(r'\s+', ' ', page)
        for option in ('rec', 'div', 'reg', 'activation', 'beta-schedule', 'input-noise'):
            with self.subTest(option):
                kinds = re.search(rf'--{option} NAME .*?One of (.*?)\.', words).group(1).split(', ')
                self.assertGreater(len(kinds), 2)
                self.assertLessEqual(set(kinds), told)

    def test_broken_files_fail_and_are_not_skipped(self):
        for key, value in (('lr', 'fast'), ('hidden', '[64]'), ('latent', '-1'), ('batch', '8'),
                           ('steps', '0'), ('activation', '7'), ('latent', '1e99')):
            with self.subTest(key + value):
                self.assert_failed(lambda g, k=key, v=value: g.meta(k, v), '')
        self.assert_failed(lambda g: g.header['__metadata__'].pop('w_rec'), 'lacks "w_rec"')
        self.assert_failed(lambda g: g.header.update({'init/mu.bios': g.header.pop('init/mu.bias')}),
                           'lacks the tensor init/mu.bias')
        status, lines = self.run_on({'short': self.whole.bytes()[:5000], 'void': b''})
        self.assertEqual((status, lines[-1]), (1, '0 passed, 2 failed, 0 skipped'))

    def test_kinds_that_are_not_built_are_skipped_by_name(self):
        def change(golden):
            golden.meta('reconstruction', '"unheard"')
            golden.meta('activation', '"of"')

        self.assertEqual(self.changed(change), (0, ['skipped case: of, unheard', '0 passed, 0 failed, 1 skipped']))

    def test_nothing_to_test_is_no_success(self):
        self.assertEqual(self.run_on({}), (1, ['0 passed, 0 failed, 0 skipped']))
        missing = subprocess.run([PROGRAM, '/nonexistent'], capture_output=True, text=True, timeout=60)
        self.assertEqual(missing.returncode, 1)
        self.assertIn('/nonexistent', missing.stderr)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
