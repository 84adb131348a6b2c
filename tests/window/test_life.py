"""The window's life: its size, and every way in which it ends."""
import os
import signal
import time
import unittest

from window import WindowTest

SOON = 0.2  # seconds in which the program is to be gone
TRIES = 3   # the best of some tries: another program may hold the processor for a moment


def alike(one, other):
    """The share of bytes that two pictures have in common."""
    return sum(a == b for a, b in zip(one, other)) / len(one)


class Life(WindowTest):
    def ends(self, ask):
        """Each try begins a window, lets it train on all processors, and asks it to end."""
        took = []
        for _ in range(TRIES):
            window = self.open(home=self.home())
            window.train(10)
            began = time.monotonic()
            ask(window)
            status, _ = window.end()
            took.append(time.monotonic() - began)
            self.assertEqual(status, 0, window.said())
            if took[-1] < SOON:
                return
        self.fail(f'the program was gone only after {took} s')

    def test_a_key_ends_it(self):
        self.ends(lambda window: window.key('ctrl+q'))

    def test_the_close_button_ends_it(self):
        self.ends(lambda window: self.server.close_window(window.id))

    def test_sigint_ends_it(self):
        self.ends(lambda window: os.kill(window.process.pid, signal.SIGINT))

    def test_sigterm_ends_it(self):
        self.ends(lambda window: os.kill(window.process.pid, signal.SIGTERM))

    def test_a_key_ends_it_while_a_dialog_is_open(self):
        window = self.open(home=self.home())
        window.key('ctrl+o')
        window.settled([300, 100, 600, 400])
        window.key('ctrl+q')
        self.assertEqual(window.end()[0], 0, window.said())

    def test_a_minimized_window_draws_nothing_and_comes_back(self):
        window = self.open()
        window.train(10)
        window.xdotool('windowunmap', window.id)  # what a window manager does to minimize it
        held = window.held(1)
        window.xdotool('windowmap', window.id)
        window.wait(lambda f: f['step'] > held + 5, 'what was learned meanwhile', since=window.mark() - 1)

    def test_every_size_shows_everything_within_the_window(self):
        window = self.open()
        for width, height in [(800, 500), (1920, 1080), (900, 600), (1280, 800)]:
            with self.subTest(size=f'{width}x{height}'):
                before = window.box('map')
                window.xdotool('windowsize', '--sync', window.id, width, height)
                window.wait(lambda f, b=before: f['widgets'].get('map') != b, 'another layout',
                            since=window.mark() - 1)
                window.until(lambda: window.server.picture().pixel(width - 3, height - 3)
                             not in (0, 0xffffff), 'the far corner to be drawn')
                # The loss panel scrolls where it finds too little room; all else is to be there.
                for name, (x, y, w, h) in window.now()['widgets'].items():
                    if name == 'map' or '.' in name:
                        self.assertGreaterEqual(min(x, y), -0.5, name)
                        self.assertLessEqual(x + w, width + 0.5, name)
                        self.assertLessEqual(y + h, height + 0.5, name)

    def test_the_help_opens_and_closes(self):
        window = self.open()
        box = window.box('map')
        window.move(box[0] + box[2] + 60, box[1] + 60)
        before = window.settled(box)
        window.key('question')
        window.wait_pixels(box, lambda now: alike(now, before) < 0.5, 'the help')
        window.key('Escape')
        window.wait_pixels(box, lambda now: alike(now, before) > 0.9, 'the map without the help')


if __name__ == '__main__':
    unittest.main()
