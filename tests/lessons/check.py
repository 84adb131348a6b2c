#!/usr/bin/env python3
"""A lesson never lies: what it promises comes true on real training, whatever the seed.

usage: check.py PROGRAM LESSON
"""
import os
import subprocess
import sys
import unittest

PROGRAM, LESSON = (os.path.abspath(word) for word in sys.argv[1:3])


class Lesson(unittest.TestCase):
    def test_every_condition_comes_true_for_three_seeds(self):
        for seed in ('1', '2', '3'):
            with self.subTest(seed=seed):
                done = subprocess.run([PROGRAM, 'lesson', LESSON, '--check', '--seed', seed],
                                      capture_output=True, text=True, stdin=subprocess.DEVNULL,
                                      check=False)
                print(done.stdout, end='')
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertIn('met', done.stdout)
                self.assertNotIn('NOT MET', done.stdout)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
