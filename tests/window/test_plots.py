"""The plots below the map: their tabs, and changes one can come back to."""
import os
import struct
import unittest
import zlib

from window import WindowTest


def shows(window, widget):
    return widget in window.now()['widgets']


def png_pixels(path):
    """Width, height and the RGB bytes of a picture."""
    with open(path, 'rb') as file:
        data = file.read()
    at, packed = 8, b''
    width, height = struct.unpack('>II', data[16:24])
    while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        packed += data[at + 8:at + 8 + length] if kind == b'IDAT' else b''
        at += 12 + length
    rows, size = zlib.decompress(packed), width * 3
    pixels, above = bytearray(), bytearray(size)
    for y in range(height):
        kind, row = rows[y * (size + 1)], bytearray(rows[y * (size + 1) + 1:(y + 1) * (size + 1)])
        for i in range(size):
            a, b = row[i - 3] if i >= 3 else 0, above[i]
            c = above[i - 3] if i >= 3 else 0
            near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            row[i] = (row[i] + (0, a, b, (a + b) // 2, near)[kind]) & 255
        pixels += row
        above = row
    return width, height, pixels


class Plots(WindowTest):
    def test_tabs_show_one_page_at_a_time(self):
        window = self.open()
        window.train(60)
        window.until(lambda: shows(window, 'curve.rec'), 'the curves at first')
        window.click('bottom.stack')
        window.until(lambda: shows(window, 'stack.plot'), 'the stack')
        self.assertFalse(shows(window, 'curve.rec'), 'what is not shown is not drawn')
        window.key('F4')
        window.until(lambda: not shows(window, 'stack.plot'), 'the plane in its place')
        window.until(lambda: shows(window, 'rate.plane'), 'the plane, once it has an evaluation')
        window.key('F2')
        window.until(lambda: shows(window, 'curve.rec'), 'the curves again')

    def test_the_page_shown_is_kept_for_the_next_start(self):
        home = self.home()
        window = self.open(home=home)
        window.key('F3')
        window.train(30)
        window.until(lambda: shows(window, 'stack.plot'), 'the stack')
        window.key('space')
        window.key('ctrl+q')
        window.end()
        again = self.open(home=home)
        again.train(30)
        again.until(lambda: shows(again, 'stack.plot'), 'the stack at the next start')

    def test_a_click_on_a_change_brings_its_settings_back(self):
        window = self.open()

        def set_to(**settings):
            return lambda: all(window.now()['settings'].get(n) == v for n, v in settings.items())
        window.train(100)
        window.key('2')
        window.until(set_to(div_on=False), 'KL switched off')
        held = window.now()['step']
        window.wait(lambda f: f['step'] > held + 200, 'steps without it')
        window.key('3')
        window.until(set_to(w_reg=0.01), 'regularization switched on')
        window.wait(lambda f: f['step'] > held + 300, 'steps with it')
        window.key('space')
        window.until(lambda: shows(window, 'curve.rec.mark.1'), 'the labels of both changes')
        window.settled(window.box('curve.rec'))
        window.click('curve.rec.mark.1')
        window.until(set_to(div_on=False, w_reg=0), 'the settings after the first change')
        window.key('ctrl+z')
        window.until(set_to(div_on=False, w_reg=0.01), 'undo takes it back')

    def test_the_plots_are_saved_as_a_picture_without_the_dialog(self):
        window = self.open()
        window.key('F3')
        window.train(60)
        window.key('space')
        path = os.path.join(self.home(), 'plots.png')
        window.key('ctrl+shift+p', 'ctrl+a')
        window.type(path)
        window.key('Return')
        window.until(lambda: os.path.exists(path), 'the picture')
        width, height, pixels = png_pixels(path)
        self.assertGreater(width, 1000)
        self.assertLess(height, 240, 'the plots alone')
        at = 3 * (width * (height * 2 // 3) + width // 2)
        red, _, blue = pixels[at:at + 3]
        self.assertGreater(red, 140, 'the ground of the reconstruction, which no dialog dims')
        self.assertLess(blue, 90)


if __name__ == '__main__':
    unittest.main()
