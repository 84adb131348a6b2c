"""tools/sum-tests adds what test programs tell of themselves, and never less than what failed."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

SUM = os.path.join(os.path.dirname(__file__), '..', '..', 'tools', 'sum-tests')


def add(*tests, options=()):
    """Returns (exit status, last line, output) for meson tests (result, stdout)."""
    with tempfile.NamedTemporaryFile('w', suffix='.json') as log:
        for number, (result, stdout) in enumerate(tests):
            log.write(json.dumps({'name': f'test {number}', 'result': result, 'stdout': stdout,
                                  'duration': 0.5}) + '\n')
        log.flush()
        done = subprocess.run([sys.executable, SUM, *options, log.name], capture_output=True,
                              text=True, check=False)
    return done.returncode, done.stdout.splitlines()[-1], done.stdout


CMOCKA_GOOD = '[==========] Running 3 test(s).\n[  PASSED  ] 3 test(s).\n'
CMOCKA_BAD = '[  PASSED  ] 2 test(s).\n[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] a_claim\n'


class SumTests(unittest.TestCase):
    def test_groups_of_one_program_are_added(self):
        self.assertEqual(add(('OK', CMOCKA_GOOD + CMOCKA_GOOD))[:2], (0, '6 passed, 0 failed'))

    def test_a_failed_claim_is_counted_and_shown(self):
        status, last, said = add(('OK', CMOCKA_GOOD), ('FAIL', CMOCKA_BAD))
        self.assertEqual((status, last), (1, '5 passed, 1 failed'))
        self.assertIn('a_claim', said)

    def test_a_program_without_counts_is_one(self):
        self.assertEqual(add(('OK', ''), ('OK', 'hello'))[:2], (0, '2 passed, 0 failed'))

    def test_a_crash_after_good_claims_is_a_failure(self):
        self.assertEqual(add(('FAIL', CMOCKA_GOOD))[:2], (1, '3 passed, 1 failed'))
        self.assertEqual(add(('TIMEOUT', ''))[:2], (1, '0 passed, 1 failed'))

    def test_own_last_lines_and_unittest_are_read(self):
        self.assertEqual(add(('OK', 'ok a\n4 passed, 0 failed, 2 skipped\n'))[:2],
                         (0, '4 passed, 0 failed, 2 skipped'))
        self.assertEqual(add(('FAIL', 'Ran 5 tests in 1.0s\n\nFAILED (failures=1, errors=1)\n'))[:2],
                         (1, '3 passed, 2 failed'))
        self.assertEqual(add(('OK', 'Ran 5 tests in 1.0s\n\nOK (skipped=2)\n'))[:2],
                         (0, '3 passed, 0 failed, 2 skipped'))

    def test_nothing_run_is_no_success(self):
        self.assertEqual(add()[0], 1)

    def test_what_could_not_be_run_is_a_failure(self):
        self.assertEqual(add(('OK', ''), options=('--broken', 'build'))[:2], (1, '1 passed, 1 failed'))


if __name__ == '__main__':
    unittest.main()
