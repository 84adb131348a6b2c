#!/usr/bin/env python3
"""`latentscape lesson`: what it tells of a lesson, and its exit status.

usage: test_lesson.py PROGRAM
"""
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
SMALL = """title: Small
settings: hidden=16
step: Learn
text: Press Train.
train: on
until: %s
within: 200
said: From {elbo.then} to {elbo}.
"""


def run(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, check=False)


class Lesson(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='latentscape lesson ')
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)

    def write(self, name, text):
        with open(name, 'w', encoding='utf-8') as file:
            file.write(text)

    def refuse(self, status, *words, holds):
        done = run(*words)
        self.assertEqual((done.returncode, done.stderr.count('\n')), (status, 1), done.stderr)
        self.assertIn(holds, done.stderr)

    def test_a_lesson_that_comes_true_says_so_with_any_number_of_threads(self):
        self.write('good', SMALL % 'elbo rises by 20')
        done = run('lesson', 'good', '--check', '--seed', '3')
        self.assertEqual((done.returncode, done.stderr), (0, ''), done.stdout)
        for word in ('met ', 'elbo changed by', 'From'):
            self.assertIn(word, done.stdout)
        one = run('lesson', 'good', '--check', '--seed', '3', '--threads', '1')
        self.assertEqual(one.stdout, done.stdout)

    def test_what_did_not_come_true_is_named(self):
        self.write('false', SMALL % 'elbo > -10')
        done = run('lesson', 'false', '--check')
        self.assertEqual(done.returncode, 1)
        self.assertIn('NOT MET', done.stdout)
        self.assertEqual(done.stderr,
                         'latentscape: 1 condition of the lesson did not come true.\n')

    def test_without_check_it_is_only_read(self):
        self.write('good', SMALL % 'elbo rises by 20')
        done = run('lesson', 'good')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual(done.stdout.splitlines()[-1].strip(), 'until elbo rises by 20')

    def test_faults_are_told_with_file_and_line(self):
        self.write('bad', SMALL % 'kll > 3')
        self.refuse(1, 'lesson', 'bad', holds='bad:6: ')
        self.refuse(2, 'lesson', holds='FILE')
        self.refuse(1, 'lesson', 'nowhere', holds='nowhere')
        if 'This build has no window' not in run('nowhere').stderr:
            self.refuse(1, '--offscreen', 'x.png', '--lesson', 'bad', holds='bad:6: ')


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
