"""Training under one's eyes, and what each term of the loss does to the living model."""
import unittest

from window import WindowTest


def mean(frames, name):
    values = [f[name] for f in frames if f[name] is not None]
    return sum(values) / len(values)


def spread(window):
    """How far from the middle of the map its coloured points lie, as a part of its width."""
    x, y, w, h = (int(v) for v in window.box('map'))
    part = window.picture().part([x, y, w, h])
    total = count = 0
    for row in range(0, h, 2):
        for column in range(0, w, 2):
            at = 4 * (row * w + column)
            blue, green, red = part[at:at + 3]
            if max(red, green, blue) - min(red, green, blue) > 60:
                total += ((column / w - 0.5) ** 2 + (row / h - 0.5) ** 2)
                count += 1
    return (total / max(count, 1)) ** 0.5, count


class Learn(WindowTest):
    def test_training_shows_a_falling_loss(self):
        window = self.open()
        window.key('r')
        window.wait(lambda f: f['step'] == 0, 'fresh weights', since=window.mark() - 1)
        mark = window.mark()
        first = window.train()
        window.wait(lambda f: f['step'] >= 300, '300 steps', since=mark)
        frames = [f for f in window.trace.frames[mark:] if f['rec'] is not None]
        early = [f for f in frames if f['step'] <= first['step'] + 30] or frames[:1]
        late = frames[-5:]
        # It begins with the mean of all images, at about 200 nats.
        self.assertLess(mean(late, 'rec') + mean(late, 'kl'),
                        mean(early, 'rec') + mean(early, 'kl') - 15)
        window.wait(lambda f: f['heldout_elbo'] is not None and f['heldout_elbo'] > -220,
                    'a better bound on held-out images', since=mark)

    def test_pausing_holds_still_and_single_steps_are_single(self):
        window = self.open()
        window.train(5)
        window.key('space')
        held = window.held()
        for step in (held + 1, held + 2):
            window.key('t')
            seen = window.wait(lambda f, step=step: f['step'] >= step, 'one step more')
            self.assertEqual(seen['step'], step)

    def test_two_quick_presses_end_as_they_began(self):
        # Steps this large take longer than a hand: the second press must not count as the first.
        window = self.open('--set', 'batch=4096')
        held = window.now()['step']
        for _ in range(3):
            window.key('space', 'space')
        self.assertLess(window.held(), held + 7)

    def test_without_kl_the_codes_spread_out(self):
        window = self.open('--set', 'lr=4e-3')
        x, y, w, _ = window.box('map')
        window.move(x + w + 100, y + 30)
        for name in ('g', 'o', 'minus', 'minus', 'minus'):  # points alone, and room around them
            window.key(name)
        window.settled(window.box('map'))
        begin, points = spread(window)
        self.assertGreater(points, 100, 'held-out points are on the map')
        mark = window.mark()
        window.train(20)
        before = mean(window.trace.frames[mark:], 'kl')
        window.key('2')
        window.wait(lambda f: f['settings']['div_on'] is False, 'the switch of KL')
        window.wait(lambda f: f['kl'] is not None and f['kl'] > 1.4 * before, 'a growing KL',
                    since=window.mark())
        window.until(lambda: spread(window)[0] > 1.12 * begin, 'points that spread out')

    def test_without_reconstruction_the_samples_become_all_alike(self):
        window = self.open()
        places = [(0.3, 0.3), (0.7, 0.35), (0.5, 0.75)]
        sums = [window.hover(*place)['image_sum'] for place in places]
        self.assertGreater(max(sums) - min(sums), 0.05 * max(sums), 'a trained model tells them apart')
        window.key('1')
        window.wait(lambda f: f['settings']['rec_on'] is False, 'the switch of reconstruction')
        window.key('3')  # nothing but the penalty is left to say what the decoder should do
        window.train()

        def alike():
            sums[:] = [window.hover(*place)['image_sum'] for place in places]
            return max(sums) - min(sums) < 0.01 * max(sums)

        window.until(alike, f'images all alike')

    def test_without_reconstruction_the_points_run_together_and_reconstructions_change(self):
        window = self.open()
        x, y, w, _ = window.box('map')
        window.move(x + w / 2, y + 200)  # the image under the pointer stays, near enough
        began = window.wait(lambda f: f['points_rms'] and f['recon_mean'], 'points and reconstructions')
        self.assertIsNotNone(began['samples_mean'])
        window.key('1')
        window.train()
        window.wait(lambda f: f['points_rms'] < 0.5 * began['points_rms']
                    and abs(f['recon_mean'] - began['recon_mean']) > 1e-3, 'codes near the middle',
                    since=window.mark() - 1)
        window.key('p')
        window.wait(lambda f: f['points_rms'] is None, 'no points on the map', since=window.mark())

    def test_changes_of_the_loss_keep_the_weights(self):
        window = self.open()
        step = window.train(20)['step']
        for name in ('2', '1', '1', '2', '3'):
            window.key(name)
        window.wait(lambda f: f['step'] > step + 20, 'more steps', since=window.mark())
        steps = [f['step'] for f in window.trace.frames]
        self.assertEqual(steps, sorted(steps), 'nothing began again')

    def test_undo_and_redo_of_settings(self):
        window = self.open()
        window.key('2')
        window.wait(lambda f: f['settings']['div_on'] is False, 'KL off')
        window.key('ctrl+z')
        window.wait(lambda f: f['settings']['div_on'] is True, 'KL on again', since=window.mark() - 1)
        window.key('ctrl+shift+z')
        window.wait(lambda f: f['settings']['div_on'] is False, 'KL off again',
                    since=window.mark() - 1)

    def test_a_click_on_a_switch_is_a_change(self):
        window = self.open()
        for name in ('rec_on', 'div_on'):
            with self.subTest(switch=name):
                window.click(name)
                window.wait(lambda f, n=name: f['settings'][n] is False, f'{name} off')

    def test_the_share_text_is_copied_and_pasted(self):
        window = self.open()
        window.key('2')
        window.wait(lambda f: f['settings']['div_on'] is False, 'KL off')
        window.key('ctrl+c', '2')
        window.wait(lambda f: f['settings']['div_on'] is True, 'KL on', since=window.mark() - 1)
        window.key('ctrl+v')
        window.wait(lambda f: f['settings']['div_on'] is False, 'the settings that were copied',
                    since=window.mark() - 1)


if __name__ == '__main__':
    unittest.main()
