"""Whatever a person may do, in any order: keys, clicks, drags, numbers, sizes of the window, drawn by chance. The
program lives, says nothing on its standard error, keeps the map in sight, and ends when it is asked to. A dialog for
files is worked from its key to its end: chance chooses among the test's own paths, not what is written over.
LATENTSCAPE_ACTIONS and LATENTSCAPE_SEED ask for more of it, or for other chances.
"""
import os
import random
import signal
import unittest

from window import WindowTest

ACTIONS = int(os.environ.get('LATENTSCAPE_ACTIONS', '120'))
SEED = int(os.environ.get('LATENTSCAPE_SEED', '1'))
LETTERS = 'abcdefghijklmnoprstuvwxyz0123456789'
KEYS = tuple(LETTERS) + tuple('shift+' + key for key in LETTERS) + tuple('alt+' + key for key in LETTERS) \
    + tuple('ctrl+' + key for key in 'zycl0') + ('Escape',) * 12 + (
        'space', 'space', 'Return', 'Left', 'Right', 'Up', 'Down', 'Home', 'End', 'Page_Up',
        'Page_Down', 'Delete', 'BackSpace', 'plus', 'minus', 'question', 'F1', 'F11', 'ctrl+plus', 'ctrl+minus')
FILES = ('ctrl+o', 'ctrl+o', 'ctrl+shift+s', 'ctrl+m', 'ctrl+p', 'ctrl+shift+p', 'ctrl+e')
WRITES = ('app.', 'export.', 'model.')
TEXTS = ('0\n', '1e9\n', '-5\n', 'nan\n', '0.0000001\n', '1000\n', 'inf\n', '\n', 'x\n', '12')
SIZES = ((900, 600), (1280, 800), (1500, 900), (901, 640))


class Anything(WindowTest):
    def test_a_hundred_things_in_any_order(self):
        window = self.open()
        chance = random.Random(SEED)
        folder = self.home()
        with open(os.path.join(folder, 'broken.safetensors'), 'wb') as file:
            file.write(b'\xff' * 64)
        # Two that are written over, one that is no model, a folder, and two that cannot be written.
        paths = [os.path.join(folder, name) for name in ('a', 'b', 'a.safetensors', 'broken.safetensors', '', 'no/c')] \
            + ['/proc/c']

        def point():
            """Somewhere on some widget."""
            boxes = window.now()['widgets']
            x, y, w, h = boxes[chance.choice([name for name in sorted(boxes) if not name.startswith(WRITES)])]
            window.xdotool('mousemove', round(x + chance.random() * w), round(y + chance.random() * h))

        def click():
            point()
            window.xdotool('click', '--repeat', chance.choice((1, 1, 1, 2, 3)), '--delay', 20, chance.choice((1, 1, 1, 3)))

        def roll():
            point()
            window.xdotool('click', '--repeat', chance.randint(1, 8), '--delay', 10, chance.choice((4, 5)))

        def drag():
            point()
            window.xdotool('mousedown', 1)
            for _ in range(chance.randint(1, 4)):
                point()
            window.xdotool('mouseup', 1)

        def press():
            window.xdotool('key', '--delay', 10, *(chance.choice(KEYS) for _ in range(chance.randint(1, 3))))

        def write():
            click()
            window.type(chance.choice(TEXTS))

        def files():
            window.xdotool('key', '--delay', 10, *['Escape'] * 3, chance.choice(FILES), 'ctrl+a')
            window.type(chance.choice(paths))
            window.xdotool('key', '--delay', 10, *['Return'] * chance.randint(1, 2), *['Escape'] * 3)

        def resize():
            window.xdotool('windowsize', window.id, *chance.choice(SIZES))

        doings = [click] * 6 + [drag] * 4 + [press] * 5 + [roll] * 2 + [write] * 2 + [files] * 2 + [resize]
        for number in range(ACTIONS):
            doing = chance.choice(doings)
            with self.subTest(number=number, doing=doing.__name__):
                doing()
                window.wait(lambda f: True, 'a frame', since=max(window.mark() - 1, 0))
            self.assertIsNone(window.process.poll(), window.said())
        window.xdotool('key', '--delay', 10, *['Escape'] * 4)
        window.xdotool('windowsize', window.id, 1280, 800)
        window.wait_pixels(window.box('map'), lambda part: len(set(part[1::4])) > 20, 'a map that shows something')
        window.process.send_signal(signal.SIGTERM)
        self.assertEqual(window.end()[0], 0, window.said())
        self.assertNotIn('rror', window.said())


if __name__ == '__main__':
    unittest.main()
