"""The real program in a real window: started on a display of its own, worked by xdotool as a person
works it, and watched through its --trace and the screen's pixels. Nothing here sleeps: every wait is
for a frame that shows what was waited for, with a time limit that only a fault reaches.
"""
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

from xserver import XServer, die_with_parent

PROGRAM = os.environ.get('LATENTSCAPE_PROGRAM', 'build/latentscape')
PATIENCE = 60 * float(os.environ.get('LATENTSCAPE_PATIENCE', '1'))


class Trace:
    """The frames that the program tells of, read as they come. The program writes into a pipe, which
    a thread keeps empty, so that it never waits for us."""

    def __init__(self, path):
        os.mkfifo(path)
        self.frames = []
        self.settings, self.widgets = {}, {}
        self.ended = False
        self.news = threading.Condition()
        self.file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.hold = os.open(path, os.O_WRONLY)  # no end of file before the program has opened it
        os.set_blocking(self.file, True)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        with open(self.file, encoding='utf-8') as lines:
            for line in lines:
                frame = json.loads(line)
                with self.news:
                    self.settings = {**self.settings, **(frame.get('settings') or {})}
                    moved = {**self.widgets, **(frame.get('widgets') or {})}
                    self.widgets = {name: box for name, box in moved.items() if box[2] > 0}
                    frame['settings'], frame['widgets'] = self.settings, self.widgets
                    self.frames.append(frame)
                    self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def let_go(self):
        """From now on the pipe ends when the program does."""
        if self.hold is not None:
            os.close(self.hold)
            self.hold = None


class Window:
    """One run of the program. `home` holds its settings and models; one home can serve several runs."""

    def __init__(self, server, *args, home=None, size='1280x800'):
        self.server = server
        self.folder = tempfile.mkdtemp(prefix='latentscape-test-')
        self.home = home or self.folder
        self.trace = Trace(os.path.join(self.folder, 'trace'))
        self.log = open(os.path.join(self.folder, 'log'), 'w+', encoding='utf-8')
        self.env = {**os.environ, 'DISPLAY': server.name, 'HOME': self.home,
                    'LATENTSCAPE_TRACE_WIDGETS': '1', 'SDL_VIDEODRIVER': 'x11',
                    'SDL_AUDIODRIVER': 'dummy'}
        for place in ('CONFIG', 'DATA', 'STATE', 'CACHE'):
            self.env[f'XDG_{place}_HOME'] = os.path.join(self.home, place.lower())
        # The pointer comes from outside: a window that opened under it would hear of it at any moment.
        self.at = (server.width - 1, server.height - 1)
        self.xdotool('mousemove', *self.at)
        self.process = subprocess.Popen(
            [PROGRAM, *args, '--size', size, '--trace', os.path.join(self.folder, 'trace')],
            env=self.env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            preexec_fn=die_with_parent)
        self.wait(lambda f: f['widgets'], 'a first frame')
        self.trace.let_go()
        self.id = int(self.xdotool('search', '--sync', '--onlyvisible', '--pid',
                                   str(self.process.pid)).split()[0])
        self.xdotool('windowmove', self.id, 0, 0)
        self.xdotool('windowfocus', '--sync', self.id)

    # --- watching

    def wait(self, wanted, what, since=0, patience=PATIENCE):
        """The first frame from number `since` on that wanted(frame) accepts."""
        limit = time.monotonic() + patience
        at = since
        with self.trace.news:
            while True:
                while at < len(self.trace.frames):
                    frame = self.trace.frames[at]
                    if wanted(frame):
                        return frame
                    at += 1
                left = limit - time.monotonic()
                if self.trace.ended or left <= 0 or self.process.poll() is not None and left < patience - 2:
                    last = dict(self.trace.frames[-1]) if self.trace.frames else {}
                    last.pop('widgets', None)
                    raise AssertionError(f'waited in vain for {what}; the last frame: {last}; '
                                         f'the program said: {self.said()!r}')
                self.trace.news.wait(min(left, 0.5))

    def mark(self):
        """The number the next frame will have."""
        with self.trace.news:
            return len(self.trace.frames)

    def until(self, true, what, patience=PATIENCE):
        """Until true(), which frames and the passing of time may both bring about."""
        limit = time.monotonic() + patience
        while not true():
            if time.monotonic() > limit:
                raise AssertionError(f'waited in vain for {what}; the program said: {self.said()!r}')
            with self.trace.news:
                self.trace.news.wait(0.05)

    def now(self):
        with self.trace.news:
            return self.trace.frames[-1]

    def box(self, widget):
        """[x, y, w, h] of a widget by the name of its setting, action or view."""
        frame = self.wait(lambda f: widget in f['widgets'], f'the widget {widget}',
                          since=max(self.mark() - 1, 0))
        return frame['widgets'][widget]

    def middle(self, widget, across=0.5, down=0.5):
        x, y, w, h = self.box(widget)
        return round(x + across * w), round(y + down * h)

    def picture(self):
        return self.server.picture()

    def wait_pixels(self, box, wanted, what):
        """Until the picture of a box is as wanted(bytes)."""
        self.until(lambda: wanted(self.picture().part(box)), what)

    def settled(self, box):
        """The bytes of a box once they hold still: finer images come some frames after coarse ones."""
        seen = [self.picture().part(box)]

        def still():
            seen.append(self.picture().part(box))
            return len(seen) > 8 and len(set(seen[-8:])) == 1

        self.until(still, 'a picture that holds still')
        return seen[-1]

    def held(self, seconds=3):
        """The step at which a window has come to rest: it draws no frames then."""
        seen = [self.mark(), time.monotonic()]

        def still():
            if self.mark() != seen[0]:
                seen[:] = [self.mark(), time.monotonic()]
            return time.monotonic() - seen[1] > seconds

        self.until(still, 'no more frames')
        return self.now()['step']

    def said(self):
        self.log.flush()
        with open(self.log.name, encoding='utf-8', errors='replace') as log:
            return log.read()[-2000:]

    # --- working

    def xdotool(self, *words):
        done = subprocess.run(['xdotool', *map(str, words)], env=self.env, capture_output=True,
                              text=True, check=False, timeout=PATIENCE)
        if done.returncode != 0:
            raise AssertionError(f'xdotool {words}: {done.stderr}; the program said: {self.said()!r}')
        return done.stdout

    def move(self, x, y):
        """Points somewhere and gives the first frame that knows of it."""
        x, y = round(x), round(y)
        mark = self.mark()
        if self.at == (x, y):
            return self.now()
        self.at = (x, y)
        self.xdotool('mousemove', x, y)
        return self.wait(lambda f: abs(f['pointer'][0] - x) + abs(f['pointer'][1] - y) < 1,
                         f'the pointer at {x},{y}', since=mark)

    def click(self, widget, button=1, times=1):
        self.move(*self.middle(widget))
        self.xdotool('click', '--repeat', times, '--delay', 60, button)

    def drag(self, start, end, button=1, steps=8):
        self.move(*start)
        self.xdotool('mousedown', button)
        for step in range(1, steps + 1):
            self.move(start[0] + (end[0] - start[0]) * step / steps,
                      start[1] + (end[1] - start[1]) * step / steps)
        mark = self.mark()
        self.xdotool('mouseup', button)
        return self.wait(lambda f: True, 'a frame after the button was let go', since=mark)

    def key(self, *names):
        self.xdotool('key', '--delay', 40, *names)

    def type(self, text):
        self.xdotool('type', '--delay', 15, '--', text)

    def hover(self, across, down, view='map'):
        """Points at a place of a view and gives the frame that knows of it."""
        x, y = self.middle(view, across, down)
        self.move(x + 2, y)  # a movement at any rate, so that the frame is a new one
        return self.move(x, y)

    def train(self, steps=1):
        """Lets the model learn, and waits until it has done so."""
        began = self.now()['step']
        self.key('space')
        return self.wait(lambda f: f['step'] >= began + steps, f'{steps} steps of training',
                         since=self.mark())

    # --- ending

    def end(self):
        """Waits for the program's own end and returns (status, seconds it took)."""
        began = time.monotonic()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f'the program does not end; it said: {self.said()!r}') from None
        return status, time.monotonic() - began

    def destroy(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.trace.let_go()
        self.trace.thread.join(5)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class WindowTest(unittest.TestCase):
    """A case with one display; every window opened in a test is gone after it."""

    @classmethod
    def setUpClass(cls):
        cls.server = XServer()
        cls.addClassCleanup(cls.server.stop)

    def open(self, *args, **options):
        window = Window(self.server, *args, **options)
        self.addCleanup(window.destroy)
        self.addCleanup(self.keep_picture)
        return window

    def home(self):
        folder = tempfile.mkdtemp(prefix='latentscape-home-')
        self.addCleanup(shutil.rmtree, folder, True)
        return folder

    def keep_picture(self):
        """Where a test failed, what the screen showed is kept beside the test logs."""
        folder = os.environ.get('LATENTSCAPE_PICTURES')
        bad = not getattr(self._outcome, 'success', True)
        if folder and bad:
            os.makedirs(folder, exist_ok=True)
            self.server.picture().save(os.path.join(folder, self.id() + '.png'))

