"""Moving through the latent plane of a model that holds still."""
import unittest

from window import WindowTest


class Explore(WindowTest):
    def test_hover_changes_the_decoded_image(self):
        window = self.open()
        sums = {window.hover(across, down)['image_sum']
                for across, down in [(0.3, 0.3), (0.7, 0.3), (0.5, 0.7), (0.2, 0.6)]}
        self.assertEqual(len(sums), 4, 'four places, four images')
        self.assertTrue(all(s > 5 for s in sums), f'an image of a digit holds some ink: {sums}')

    def test_the_cursor_card_shows_another_picture_at_another_place(self):
        window = self.open()
        x, y, w, h = window.box('map')
        beside = [x + w + 4, y, 260, h]
        window.hover(0.3, 0.4)
        before = window.picture().part(beside)
        window.hover(0.65, 0.6)
        window.wait_pixels(beside, lambda now: now != before, 'another picture beside the map')

    def test_z_grows_to_the_right_and_upwards(self):
        window = self.open()
        left, right = window.hover(0.25, 0.5)['z'], window.hover(0.75, 0.5)['z']
        self.assertLess(left[0], right[0])
        low, high = window.hover(0.5, 0.75)['z'], window.hover(0.5, 0.25)['z']
        self.assertLess(low[1], high[1])

    def test_leaving_the_map_leaves_no_z(self):
        window = self.open()
        window.hover(0.5, 0.5)
        x, y, w, _ = window.box('map')
        window.move(x + w + 60, y + 60)
        window.wait(lambda f: f['z'] is None, 'no z off the map', since=window.mark() - 1)

    def test_the_wheel_zooms_about_the_cursor(self):
        window = self.open()
        before = window.hover(0.7, 0.3)['z']
        edge = window.hover(0.1, 0.9)['z']
        window.hover(0.7, 0.3)
        window.xdotool('click', '--repeat', 4, '--delay', 30, 4)
        near = window.hover(0.7, 0.3)['z']
        self.assertLess(max(abs(a - b) for a, b in zip(before, near)), 0.05,
                        'what was under the cursor stays there')
        after = window.hover(0.1, 0.9)['z']
        self.assertLess(abs(after[0] - before[0]), 0.8 * abs(edge[0] - before[0]))

    def test_right_drag_pans(self):
        window = self.open()
        held = window.hover(0.4, 0.4)['z']
        window.drag(window.middle('map', 0.4, 0.4), window.middle('map', 0.6, 0.55), button=3)
        moved = window.hover(0.6, 0.55)['z']
        self.assertLess(max(abs(a - b) for a, b in zip(held, moved)), 0.06,
                        'the plane has moved with the hand')

    def test_a_double_click_fits_the_view(self):
        window = self.open()
        begin = window.hover(0.25, 0.25)['z']
        window.xdotool('click', '--repeat', 8, '--delay', 30, 4)
        window.hover(0.75, 0.75)
        zoomed = window.hover(0.25, 0.75)['z']
        self.assertLess(abs(zoomed[1] - begin[1]), 1.5, 'the wheel has zoomed in')
        window.xdotool('click', '--repeat', 2, '--delay', 60, 1)
        window.wait(lambda f: f['z'] and abs(f['z'][1] - zoomed[1]) > 0.2, 'another view',
                    since=window.mark() - 1)
        high, low = window.hover(0.5, 0.05)['z'], window.hover(0.5, 0.95)['z']
        self.assertGreater(high[1], 2)
        self.assertLess(low[1], -2)

    def test_dragging_leaves_a_trail(self):
        window = self.open()
        x, y, w, h = window.box('map')
        start, end = window.middle('map', 0.3, 0.5), window.middle('map', 0.7, 0.5)
        aside = (x + w + 100, y + 30)
        strip = [start[0] + 20, start[1] - 3, end[0] - start[0] - 40, 6]
        window.move(*aside)
        before = window.picture().part(strip)
        window.drag(start, end)
        window.move(*aside)
        window.wait_pixels(strip, lambda now: now != before, 'a trail along the way')

    def test_keys_show_and_hide_the_layers_of_the_map(self):
        window = self.open()
        box = window.box('map')
        x, y, w, h = box
        window.move(x + w + 100, y + 30)
        for name in ('g', 'p', 'o'):
            with self.subTest(key=name):
                before = window.picture().part(box)
                window.key(name)
                window.wait_pixels(box, lambda now, old=before: now != old, 'another map')


if __name__ == '__main__':
    unittest.main()
