"""What is kept: models saved and opened, the last session, pictures and the loss history."""
import json
import os
import shutil
import struct
import unittest

from window import PROGRAM, WindowTest

MODEL = os.path.join(os.environ.get('LATENTSCAPE_HOME', '.'), 'models', 'digits-2d.safetensors')


def saved_step(path):
    """The step a checkpoint was saved at, or None where there is no whole file."""
    try:
        with open(path, 'rb') as file:
            length, = struct.unpack('<Q', file.read(8))
            return int(json.loads(file.read(length))['__metadata__']['step'])
    except (OSError, ValueError, KeyError, struct.error):
        return None


class Files(WindowTest):
    def test_a_model_is_saved_and_opened_again(self):
        path = os.path.join(self.home(), 'mine.safetensors')
        shutil.copy(MODEL, path)
        began = saved_step(path)
        window = self.open(path)
        title = [0, 0, 300, 44]
        saved = window.settled(title)
        window.train(30)
        window.key('space')
        window.key('t')  # after a pause and one step more, the steps are known
        window.key('ctrl+s')
        window.until(lambda: saved_step(path) != began, 'the file to be written')
        step = saved_step(path)
        window.wait_pixels(title, lambda now: now == saved, 'nothing left that is not saved')
        shown = window.hover(0.35, 0.4)
        self.assertEqual(shown['step'], step)
        window.key('ctrl+q')
        self.assertEqual(window.end()[0], 0)

        again = self.open(path)
        once_more = again.hover(0.35, 0.4)
        self.assertEqual(once_more['step'], step)
        self.assertAlmostEqual(once_more['image_sum'], shown['image_sum'], delta=1e-3)

    def test_the_next_start_offers_the_last_sessions_model(self):
        home = self.home()
        window = self.open(home=home)
        window.train(30)
        window.key('ctrl+q')
        self.assertEqual(window.end()[0], 0)
        step = max(f['step'] for f in window.trace.frames)

        again = self.open(home=home)
        again.key('ctrl+l')
        again.wait(lambda f: f['step'] >= step, 'the model of the last session')

    def test_a_model_that_tells_nonsense_of_its_run_changes_nothing(self):
        path = os.path.join(self.home(), 'odd.safetensors')
        with open(MODEL, 'rb') as file:
            raw = file.read()
        length, = struct.unpack('<Q', raw[:8])
        header = json.loads(raw[8:8 + length])
        header['__metadata__'].update(step='-1', lr='0.01')
        text = json.dumps(header).encode()
        text += b' ' * (-len(text) % 8)
        with open(path, 'wb') as file:
            file.write(struct.pack('<Q', len(text)) + text + raw[8 + length:])
        script = os.path.join(self.home(), 'script')
        with open(script, 'w', encoding='utf-8') as file:
            file.write(f'drop {path}\nwait-ms 100\nset beta 2\n')
        window = self.open('--script', script)
        window.wait(lambda f: f['settings']['beta'] == 2, 'the end of the script')
        self.assertEqual({f['settings']['lr'] for f in window.trace.frames}, {0.003})

    def test_a_broken_model_is_one_sentence_and_status_1(self):
        path = os.path.join(self.home(), 'broken.safetensors')
        with open(path, 'wb') as file:
            file.write(b'\xff' * 64)
        import subprocess
        done = subprocess.run([PROGRAM, path], capture_output=True, text=True, check=False,
                              env={**os.environ, 'DISPLAY': self.server.name}, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn('broken.safetensors', done.stderr)
        self.assertEqual(done.stderr.strip().count('\n'), 0, done.stderr)


if __name__ == '__main__':
    unittest.main()
