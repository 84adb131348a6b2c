"""The way back after training has stopped by itself: a button and a key beside the sentence."""
import os
import subprocess
import unittest

from window import PROGRAM, WindowTest

# Weights without average or warm-up, and with rectifiers: a rate of 10 bursts at once.
MODEL = ('--hidden', '64,64,64,64', '--activation', 'relu', '--set', 'warmup=0 ema=0 moved=0', '--threads', '1')


class Rescue(WindowTest):
    def work(self, *lines, size='1280x800'):
        """A window with a young model, in which a script does something."""
        home = self.home()
        model, script = os.path.join(home, 'model.safetensors'), os.path.join(home, 'script')
        done = subprocess.run([PROGRAM, 'train', '--out', model, '--steps', '40', *MODEL], capture_output=True,
                              check=False, timeout=100)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(script, 'w', encoding='utf-8') as file:
            file.write('\n'.join(('wait-ms 100', *lines)) + '\n')
        return self.open(model, '--script', script, home=home, size=size)

    def burst(self, *settings, size='1280x800'):
        """A window whose training was good, was then given settings that tear, and has stopped."""
        window = self.work('action train.toggle', 'wait-steps 300', *settings, size=size)
        window.wait(lambda f: 'train.back' in f.get('widgets', {}), 'the offer to go back')
        return window

    def was_good(self, window):
        frame = window.wait(lambda f: 'train.back' not in f['widgets'] and f['settings']['lr'] == 0.003,
                            'the settings of before', since=window.mark() - 1)
        self.assertNotIn('fork', frame)
        self.assertEqual(frame['settings']['w_rec'], 1)
        self.assertGreater(frame['step'], 0)
        window.train(20)  # and it learns on
        learned = window.wait(lambda f: f['rec'] is not None, 'a step of it', since=window.mark())
        self.assertNotIn('train.back', learned['widgets'])
        self.assertLess(learned['rec'], 400)

    def test_the_button_brings_back_weights_and_settings(self):
        window = self.burst('set lr 10', 'set w_rec 100')
        window.click('train.back')
        self.was_good(window)

    def test_the_key_does_the_same(self):
        window = self.burst('set lr 10', 'set w_rec 100')
        window.key('alt+z')
        self.was_good(window)

    def test_the_sentence_and_the_button_share_a_strip_that_nothing_covers(self):
        for size in ('900x600', '1280x800'):
            window = self.burst('set lr 10', 'set w_rec 100', size=size)
            x, y, w, h = window.box('rescue')
            left, top, width, height = window.box('train.back')
            self.assertTrue(x < left and left + width < x + w and y < top and top + height < y + h, size)
            self.assertGreater(h, 50, 'more than one line: what has happened')
            # A message would lie in the middle above the status line, over the strip's button where it reached it.
            lower = float(size.split('x')[1])
            self.assertLess(y + h, lower - 80, size)
            window.destroy()

    def test_of_a_fork_the_side_that_is_sound_is_the_way_back(self):
        for torn in ('a', 'b'):
            with self.subTest(torn=torn):
                window = self.work('set lr 10', 'set w_rec 100', 'action settings.copy', 'action edit.undo',
                                   'action edit.undo', 'action fork.begin')
                window.wait(lambda f: 'fork.loss_a' in f['widgets'], 'a fork')
                window.click(f'fork.loss_{torn}')
                window.wait(lambda f, torn=torn: ('b:div_on' if torn == 'b' else 'div_on') in f['widgets'],
                            'the loss of that side', since=window.mark() - 1)
                mark = window.mark()
                window.key('ctrl+v')
                window.wait(lambda f, torn=torn: 'fork' in f and 'w 100' in f['fork']['differs'] if torn == 'b'
                            else f['settings']['w_rec'] == 100, 'what tears it', since=mark)
                window.key('space')
                window.wait(lambda f: 'train.back' in f['widgets'], 'the offer to keep the other side', since=mark)
                window.click('train.back')
                self.was_good(window)

    def test_it_can_be_declined(self):
        window = self.burst('set lr 10', 'set w_rec 100')
        window.click('rescue.no')
        frame = window.wait(lambda f: 'train.back' not in f['widgets'], 'the offer gone', since=window.mark() - 1)
        self.assertEqual(frame['settings']['lr'], 10)


if __name__ == '__main__':
    unittest.main()
