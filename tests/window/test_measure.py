"""The measures of samples, live: taken while the model learns, and soon after a change of the loss."""
import unittest

from window import WindowTest


class Measure(WindowTest):
    def measured(self, window, wanted, what, since=0):
        return window.wait(lambda f: 'measures' in f and wanted(f['measures']), what, since=since)

    def test_the_model_one_opens_is_measured(self):
        window = self.open()
        figures = self.measured(window, lambda m: True, 'figures of the model')['measures']
        self.assertGreater(figures['coherence'], 0.5)
        self.assertGreater(figures['coverage'], 0.8)
        self.assertEqual(figures['active'], 2)
        self.assertTrue(0.1 < figures['sharpness'] < 0.6, figures)

    def test_a_switch_of_the_loss_is_soon_a_number(self):
        window = self.open('--set', 'lr=4e-3')
        before = self.measured(window, lambda m: True, 'figures of the model')['measures']
        window.train(60)
        mark = window.mark()
        window.key('2')
        off = window.wait(lambda f: f['settings']['div_on'] is False, 'KL off', since=mark)
        frame = self.measured(window, lambda m: m['step'] > off['step'] and
                              m['information'] > before['information'] + 0.3,
                              'codes that tell more of their images', since=mark)
        print(f"without KL: {before['information']:.2f} to {frame['measures']['information']:.2f} "
              f"nats of information {frame['t'] - off['t']:.2f} s after the switch, "
              f"{frame['measures']['step'] - off['step']} steps")

    def test_the_page_of_measures_takes_the_place_of_the_loss(self):
        window = self.open()
        self.measured(window, lambda m: True, 'figures of the model')
        window.key('F7')
        window.until(lambda: window.now()['widgets'].get('beta', [0] * 4)[2] == 0, 'no loss panel')
        window.key('F6')
        window.until(lambda: window.now()['widgets'].get('beta', [0] * 4)[2] > 0, 'the loss panel')

    def test_every_measure_is_on_screen_whatever_page_is_shown(self):
        window = self.open()
        self.measured(window, lambda m: True, 'figures of the model')
        names = ('sharpness', 'clarity', 'coherence', 'agreement', 'precision', 'recall', 'coverage',
                 'active', 'information', 'distance', 'overfitting')
        for key in ('F6', 'F8', 'F9', 'F3', 'F4', 'F5', 'F2'):
            mark = window.mark()
            window.key(key)
            frame = window.wait(lambda f: True, 'a frame after ' + key, since=mark)
            missing = [n for n in names if frame['widgets'].get('strip.' + n, [0] * 4)[2] <= 0]
            self.assertEqual(missing, [], key)

    def test_a_click_on_a_measure_shows_their_page(self):
        window = self.open()
        self.measured(window, lambda m: True, 'figures of the model')
        window.click('strip.coherence')
        window.until(lambda: window.now()['widgets'].get('measure.coherence', [0] * 4)[2] > 0,
                     'the page of measures')


if __name__ == '__main__':
    unittest.main()
