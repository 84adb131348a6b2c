"""The plots below the map: their tabs, and changes one can come back to."""
import unittest

from window import WindowTest


def shows(window, widget):
    return widget in window.now()['widgets']


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


if __name__ == '__main__':
    unittest.main()
