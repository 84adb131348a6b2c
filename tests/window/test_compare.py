"""Models side by side: the one from before a change of the loss, held against the present one."""
import unittest

from window import WindowTest


class Before(WindowTest):
    def test_holding_the_key_shows_the_old_map_and_letting_go_the_new_one(self):
        window = self.open('--set', 'lr=4e-3')
        x, y, w, _ = window.box('map')
        window.move(x + w + 100, y + 30)  # no cursor on the map
        window.key('2')  # KL off: the codes leave their places
        window.wait(lambda f: f['settings']['div_on'] is False, 'the switch of KL')
        window.train(60)
        mark = window.mark()
        window.key('space')
        window.wait(lambda f: True, 'a frame', since=mark)
        window.xdotool('mousemove_relative', 1, 1)
        inner = [x + 60, y + 20, w // 2, 160]  # clear of the handle and of the figures
        new = window.settled(inner)
        mark = window.mark()
        window.xdotool('keydown', 'b')
        window.wait(lambda f: f['shown'] == 'before', 'the model of before', since=mark)
        held = window.settled(inner)
        self.assertNotEqual(held, new, 'the old map stands in place of the new one')
        mark = window.mark()
        window.xdotool('keyup', 'b')
        window.wait(lambda f: f['shown'] == 'now', 'the present model', since=mark)
        self.assertEqual(window.settled(inner), new, 'the new map is back as it was')

    def test_the_wipe_is_dragged_over_the_map_and_goes_home(self):
        window = self.open('--set', 'lr=4e-3')
        self.assertNotIn('map.wipe', window.trace.widgets, 'a calm map without a model of before')
        window.key('2')
        window.train(20)
        x, y, w, h = window.box('map.wipe')
        plane = window.box('map')
        window.drag((x + 4, y + h / 2), (plane[0] + plane[2] / 2, y + h / 2))
        frame = window.wait(lambda f: abs(f['wipe'] - 0.5) < 0.03, 'a wipe half way')
        self.assertEqual(frame['shown'], 'now')
        window.key('Escape')
        window.wait(lambda f: f['wipe'] == 0, 'the wipe at home', since=window.mark() - 1)


if __name__ == '__main__':
    unittest.main()
