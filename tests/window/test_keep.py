"""What the window keeps: saves that meet other wishes, the last session's model, runs that go on.

No display: SDL's dummy driver gives a window that nobody sees, and scripts are the hand."""
import filecmp
import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest

from xserver import die_with_parent

PROGRAM = os.environ.get('LATENTSCAPE_PROGRAM', 'build/latentscape')
SMALL = ['--hidden', '32', '--batch', '50']
# A step of this one takes longer than a frame of the window, and so does writing it.
LARGE = ['--hidden', '1024,1024', '--batch', '2000']


def step_of(path):
    with open(path, 'rb') as file:
        length, = struct.unpack('<Q', file.read(8))
        return int(json.loads(file.read(length))['__metadata__']['step'])


class Keep(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='latentscape-test-')
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.env = {name: value for name, value in os.environ.items()
                    if name not in ('DISPLAY', 'WAYLAND_DISPLAY')}
        self.env.update(HOME=self.folder, SDL_VIDEODRIVER='dummy', XDG_DATA_HOME=self.path('data'),
                        XDG_CONFIG_HOME=self.path('config'))

    def path(self, name):
        return os.path.join(self.folder, name)

    def train(self, *words):
        done = subprocess.run([PROGRAM, 'train', *words], env=self.env, capture_output=True, timeout=100,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def model(self, *sizes, steps=3):
        path = self.path('model.safetensors')
        self.train('--out', path, '--steps', str(steps), '--seed', '5', *sizes)
        return path

    def start(self, model, lines, limit=None):
        with open(self.path('script'), 'w', encoding='utf-8') as script:
            script.write('\n'.join(lines))

        def before():
            die_with_parent()
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        words = [PROGRAM, '--script', self.path('script'), '--trace', self.path('trace')]
        return subprocess.Popen(words + ([model] if model else []), env=self.env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before)

    def window(self, model, *lines, status=0, limit=None):
        """The program's words after it has done the lines."""
        with self.start(model, lines, limit) as process:
            try:
                _, said = process.communicate(timeout=60)
            finally:
                process.kill()
        self.assertEqual(process.returncode, status, said)
        return said

    def frames(self):
        """The frames told of so far."""
        if not os.path.exists(self.path('trace')):
            return []
        with open(self.path('trace'), encoding='utf-8') as trace:
            whole = trace.read().rpartition('\n')[0]
        return [json.loads(line) for line in whole.splitlines()]

    def last_frame(self):
        return self.frames()[-1]

    def has_shown_step(self, step):
        """Whether a frame showed the model of that step."""
        return any(frame['step'] == step for frame in self.frames())

    def test_a_save_asked_for_at_the_last_moment_is_made(self):
        model = self.model(*SMALL)
        self.window(model, 'action train.step', 'action model.save', 'quit')
        self.assertEqual(step_of(model), 4)

    def test_a_save_that_fails_at_the_last_moment_is_told(self):
        model = self.model(*SMALL)
        said = self.window(model, 'action train.step', 'action model.save', 'quit', status=1,
                           limit=100000)
        self.assertIn('model.safetensors', said)
        self.assertEqual(step_of(model), 3)
        self.assertEqual([name for name in os.listdir(self.folder) if name.endswith('.tmp')], [])

    def test_a_trace_that_finds_no_room_is_told(self):
        os.symlink('/dev/full', self.path('trace'))
        self.assertIn('trace', self.window(self.model(*SMALL), 'quit', status=1))

    def test_a_model_begun_after_a_save_does_not_get_into_the_file(self):
        model = self.model(*LARGE, steps=1)
        self.window(model, 'action train.toggle', 'wait-steps 1', 'action model.save', 'action train.reset',
                    'action train.toggle', 'wait-ms 200', 'action model.save', 'key Esc', 'quit')
        self.assertGreaterEqual(step_of(model), 2)

    def test_saves_asked_for_faster_than_the_disk_writes_are_made(self):
        model = self.model(*LARGE, steps=1)
        self.window(model, 'action train.toggle', 'wait-steps 1', *6 * ['action model.save', 'wait-ms 60'],
                    'action train.step', 'wait-ms 400', 'action model.save', 'quit')
        self.assertGreaterEqual(step_of(model), max(4, self.last_frame()['step']))

    def test_a_run_that_went_on_in_the_window_equals_one_never_stopped(self):
        model = self.model(*SMALL, '--threads', '1')
        self.window(model, 'action train.toggle', 'wait-steps 40', 'action train.toggle', 'wait-ms 50',
                    'action model.save', 'quit')
        step = step_of(model)
        self.assertGreaterEqual(step, 43)
        resumed, whole = self.path('resumed'), self.path('whole')
        self.train('--resume', model, '--out', resumed, '--steps', '20')
        self.train('--seed', '5', *SMALL, '--out', whole, '--steps', str(step + 20), '--threads', '2')
        self.assertEqual(self.tensors(resumed), self.tensors(whole))

    def tensors(self, path):
        with open(path, 'rb') as file:
            length, = struct.unpack('<Q', file.read(8))
            header = json.loads(file.read(length))
            header.pop('__metadata__')  # holds the time training took
            self.assertIn('adam.v/mu.weight', header)
            return header, file.read()

    def test_a_fork_that_is_open_at_the_end_loses_neither_side(self):
        model = self.model(*SMALL)
        self.window(model, 'action train.toggle', 'wait-steps 5', 'action fork.begin', 'wait-steps 40', 'wait-ms 300',
                    'action train.toggle', 'wait-ms 100', 'quit')
        self.assertTrue(self.last_frame().get('fork'), 'no fork')
        a, b = (self.path(f'data/latentscape/session-0{side}.safetensors') for side in ('', '-b'))
        self.assertGreater(step_of(b), 8)
        self.assertGreater(step_of(a), 8)
        self.assertIn('adam.v/mu.weight', self.header(b))
        self.window(None, 'action model.last', 'wait-ms 1000', 'action samples.noise', 'quit')
        self.assertEqual(self.last_frame()['step'], step_of(a))

    def header(self, path):
        with open(path, 'rb') as file:
            length, = struct.unpack('<Q', file.read(8))
            return json.loads(file.read(length))

    def test_an_older_generation_is_offered_where_the_newest_is_missing(self):
        model = self.model(*SMALL, steps=7)
        os.makedirs(self.path('data/latentscape'))
        kept = self.path('data/latentscape/session-0.1.safetensors')
        os.rename(model, kept)
        with self.start(None, ['action model.last', 'wait-steps 1000000000']) as process:
            try:
                limit = time.monotonic() + 60
                while not self.has_shown_step(7) and process.poll() is None and time.monotonic() < limit:
                    pass
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(20), 0)
            finally:
                process.kill()
        self.assertTrue(self.has_shown_step(7))

    def test_the_session_before_is_put_aside_whole(self):
        model = self.model(*SMALL)
        self.window(model, 'action train.step', 'quit')
        folder = self.path('data/latentscape')
        shutil.copy(os.path.join(folder, 'session-0.safetensors'), self.path('first'))
        with open(os.path.join(folder, '.latentscape-999999999-1.tmp'), 'w', encoding='utf-8'):
            pass
        self.window(model, 'action train.step', 'action train.step', 'quit')
        self.assertEqual(step_of(os.path.join(folder, 'session-0.safetensors')), 5)
        self.assertTrue(filecmp.cmp(os.path.join(folder, 'session-0.1.safetensors'), self.path('first'), False))
        self.assertEqual([name for name in os.listdir(folder) if name.endswith('.tmp')], [])

    def test_a_hangup_that_is_to_be_ignored_is_ignored(self):
        model = self.model(*SMALL)
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
        self.addCleanup(signal.signal, signal.SIGHUP, before)
        with self.start(model, ['action train.toggle', 'wait-steps 50', 'screenshot ' + self.path('shot.png'),
                                'wait-steps 1000000000']) as process:
            try:
                while not os.path.exists(self.path('shot.png')) and process.poll() is None:
                    pass
                process.send_signal(signal.SIGHUP)
                os.unlink(self.path('shot.png'))
                with self.assertRaises(subprocess.TimeoutExpired):
                    process.wait(0.3)
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(20), 0)
            finally:
                process.kill()
        self.assertGreater(step_of(self.path('data/latentscape/session-0.safetensors')), 50)


if __name__ == '__main__':
    unittest.main()
