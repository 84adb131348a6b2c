"""Models side by side: the one from before a change of the loss, held against the present one."""
import csv
import itertools
import os
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
        self.wipe('1280x800')

    def test_in_a_small_window_the_wipe_has_its_figures_too(self):
        self.wipe('900x600')

    def wipe(self, size):
        window = self.open('--set', 'lr=4e-3', size=size)
        self.assertNotIn('map.wipe', window.trace.widgets, 'a calm map without a model of before')
        window.key('2')
        window.train(20)
        x, y, w, h = window.box('map.wipe')
        plane = window.box('map')
        window.drag((x + 4, y + h / 2), (plane[0] + plane[2] / 2, y + h / 2))
        frame = window.wait(lambda f: abs(f['wipe'] - 0.5) < 0.03 and 'versus.gap' in f['widgets'],
                            'a wipe half way, with both models in figures')
        self.assertEqual(frame['shown'], 'now')
        window.key('Escape')
        window.wait(lambda f: f['wipe'] == 0, 'the wipe at home', since=window.mark() - 1)


class Fork(WindowTest):
    def begin(self, window):
        window.train(5)
        window.key('x')
        return window.wait(lambda f: 'fork' in f and 'b:map' in f['widgets'], 'two sides')

    def test_both_sides_train_alike_until_one_loss_is_changed(self):
        window = self.open()
        begun = self.begin(window)['fork']['begun']
        mark = window.mark()
        window.key('space')
        window.wait(lambda f: f['fork']['step'] == f['step'] > begun, 'both at one step', since=mark)
        frame = window.now()
        self.assertEqual(frame['fork']['rec'], frame['rec'], 'the same to the last digit')
        self.assertEqual(frame['fork']['kl'], frame['kl'])
        window.click('compare.b:div_on')
        window.key('space')
        frame = window.wait(lambda f: f['fork']['kl'] and f['fork']['kl'] > 1.15 * f['kl'],
                            'a KL that grows in B alone', since=mark)
        self.assertTrue(frame['settings']['div_on'], 'A keeps its loss')
        ahead = [abs(f['fork']['step'] - f['step']) for f in window.trace.frames[mark:]]
        self.assertLess(sorted(ahead)[len(ahead) // 2], 60, 'they keep together')
        window.click('fork.loss_b')
        window.wait(lambda f: 'b:div_on' in f['widgets'], "B's loss")

    def test_undo_and_redo_go_through_the_changes_of_both_sides_in_their_order(self):
        window = self.open()
        window.key('alt+3')
        window.wait(lambda f: f['settings']['beta'] == 4, 'a change before the fork')
        self.begin(window)

        def sides(beta, differs, what):
            window.wait(lambda f: 'fork' not in f or f['settings']['beta'] == beta and f['fork']['differs'] == differs,
                        what, since=window.mark() - 1)
            self.assertIn('fork', window.now())

        sides(4, 'as the other', 'two alike')
        window.key('alt+1')  # no side's loss is shown: A
        sides(1, 'β-VAE, 4', "A's change")
        window.click('fork.loss_b')
        window.wait(lambda f: 'b:div_on' in f['widgets'], "B's loss")
        window.key('2')
        sides(1, 'KL off, β 4', "B's change")
        for key, beta, differs in (('ctrl+z', 1, 'β-VAE, 4'), ('ctrl+z', 4, 'as the other'),
                                   ('ctrl+z', 4, 'as the other'),  # what came before the fork is of both
                                   ('ctrl+y', 1, 'β-VAE, 4'), ('ctrl+y', 1, 'KL off, β 4')):
            window.key(key)
            sides(beta, differs, f'{key}: A has β {beta}, B {differs}')
        window.key('shift+b')
        window.wait(lambda f: 'fork' not in f and f['settings']['div_on'] is False, 'B alone')
        window.key('ctrl+z')
        window.wait(lambda f: f['settings']['div_on'] and f['settings']['beta'] == 4, "B's change taken back",
                    since=window.mark() - 1)
        window.key('ctrl+z')
        window.wait(lambda f: f['settings']['beta'] == 1, 'and that before the fork', since=window.mark() - 1)

    def test_the_keys_of_pages_show_those_that_a_fork_has(self):
        window = self.open()
        self.begin(window)
        for key, shown in (('F6', 'div_on'), ('F6', 'b:div_on'), ('F8', 'runs.go'), ('F9', 'lesson.2'),
                           ('F6', 'div_on')):
            others = {'div_on', 'b:div_on', 'runs.go', 'lesson.2'} - {shown}
            window.key(key)
            window.wait(lambda f, shown=shown, others=others:
                        shown in f['widgets'] and not others & set(f['widgets']), shown)

    def test_presets_keys_and_a_pasted_line_change_the_side_whose_loss_is_shown(self):
        window = self.open()
        for keys, name, kept in (('alt+2', 'div_on', False), ('1', 'rec_on', False),
                                 ('ctrl+v', 'beta', 4)):
            with self.subTest(keys=keys):
                window.key('alt+1', 'alt+3', 'ctrl+c', 'alt+1')
                window.wait(lambda f: f['settings']['beta'] == 1 and f['settings']['div_on']
                            and f['settings']['rec_on'], 'the plain loss', since=window.mark())
                plain = window.now()['settings'][name]
                window.key('x')
                window.wait(lambda f: 'fork.loss_b' in f['widgets'], 'a fork')
                window.click('fork.loss_b')
                window.wait(lambda f: 'b:div_on' in f['widgets'], "B's loss", since=window.mark() - 1)
                mark = window.mark()
                window.key(keys, 'shift+b')
                window.wait(lambda f: 'fork' not in f and f['settings'][name] == kept,
                            "B's loss alone", since=mark)
                seen = {f['settings'][name] for f in window.trace.frames[mark:] if 'fork' in f}
                self.assertEqual(seen, {plain}, 'A keeps its loss')

    def test_a_lesson_begun_in_a_fork_ends_it(self):
        for lesson in ('lesson.1', 'lesson.2'):  # the shipped model's, and one from the seed
            window = self.open()
            self.begin(window)
            window.key('F9')
            window.wait(lambda f, lesson=lesson: lesson in f['widgets'], 'the list of lessons')
            window.click(lesson)
            window.wait(lambda f: 'fork' not in f and 'lesson.next' in f['widgets'], 'the lesson')

    def test_keeping_b_goes_on_with_its_loss_and_keeping_a_with_its_own(self):
        for key, kl in (('shift+b', False), ('shift+a', True)):
            window = self.open()
            self.begin(window)
            window.wait(lambda f: 'compare.b:div_on' in f['widgets'], 'the switch of B')
            window.click('compare.b:div_on')
            step = window.wait(lambda f: True, 'a frame', since=window.mark() - 1)['step']
            window.key(key)
            frame = window.wait(lambda f: 'fork' not in f and f['step'] > step + 5, 'one run again',
                                since=window.mark() - 1)
            self.assertEqual(frame['settings']['div_on'], kl)
            self.assertEqual(frame['settings']['beta'], 1)
            window.key('r')  # and it is a run like any other
            window.wait(lambda f: f['step'] < step, 'a fresh start')
            window.key('ctrl+q')
            self.assertEqual(window.end()[0], 0)

    def test_a_reset_begins_both_sides_from_the_same_weights_and_quitting_is_quick(self):
        window = self.open()
        self.begin(window)
        mark = window.mark()
        window.key('r')
        frame = window.wait(lambda f: f['step'] < 500 and f['fork']['step'] < 500, 'both begun anew',
                            since=mark)
        self.assertLess(abs(frame['step'] - frame['fork']['step']), 200)
        window.key('ctrl+q')
        status, seconds = window.end()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 5)


class Timeline(WindowTest):
    def test_the_past_is_scrubbed_through_and_left_again(self):
        window = self.open('--set', 'lr=4e-3')
        x, y, w, _ = window.box('map')
        inner = [x + 60, y + 20, w // 2, 160]
        old = window.settled(inner)
        begun = window.now()['step']
        window.train(60)
        window.key('space')
        window.key('2')
        new = window.settled(inner)
        self.assertNotEqual(old, new)
        left, top, wide, high = window.box('timeline')
        mark = window.mark()
        window.drag((left + wide - 2, top + high / 2), (left + 1, top + high / 2))
        frame = window.wait(lambda f: f['shown'] == 'past' and f['past'] == begun, 'the first step',
                            since=mark)
        self.assertGreaterEqual(frame['step'], begun + 60, 'the run itself stays where it is')
        window.move(x + w + 100, y + 30)
        far = sum(abs(a - b) > 24 for a, b in zip(window.settled(inner), old))
        self.assertLess(far, len(old) / 100, 'the map of then, but for the rounding of its weights')
        far = sum(abs(a - b) > 24 for a, b in zip(new, old))
        self.assertGreater(far, len(old) / 100, 'which is another one than the present one')
        window.key('3')  # what can be done in the present alone
        window.key('Escape', 'Escape')
        window.wait(lambda f: f['shown'] == 'now', 'the present', since=window.mark() - 1)
        window.wait_pixels(inner, lambda part: part == new, 'the present map as it was')
        self.assertTrue(window.now()['settings']['reg_on'])

    def test_the_past_has_the_measures_of_then(self):
        window = self.open('--set', 'lr=4e-3', '--set', 'ema=0')
        window.key('r')
        begun = window.wait(lambda f: f['step'] == 0 and 'measures' in f and f['measures']['step'] == 0,
                            'measures of a new model')['measures']
        x, y, _, h = window.box('strip.sharpness')
        figure = [x, y + h // 2, 36, h // 2]  # clear of the course
        then = window.settled(figure)
        mark = window.mark()
        window.train(40)
        window.key('space')
        window.wait(lambda f: 'measures' in f and abs(f['measures']['sharpness'] - begun['sharpness']) > 0.001,
                    'other measures', since=mark)
        self.assertNotEqual(window.settled(figure), then)
        left, top, wide, high = window.box('timeline')
        window.drag((left + wide - 2, top + high / 2), (left + 1, top + high / 2))
        window.wait(lambda f: f['shown'] == 'past', 'the past')
        window.wait_pixels(figure, lambda part: part == then, 'the figure of then')

    def test_a_fork_from_the_past_goes_on_from_there_and_catches_up(self):
        window = self.open('--set', 'lr=4e-3')
        begun = window.now()['step']
        window.train(40)
        left, top, wide, high = window.box('timeline')
        window.drag((left + wide - 2, top + high / 2), (left + 1, top + high / 2))
        window.wait(lambda f: f['shown'] == 'past', 'the past')
        window.key('x')
        frame = window.wait(lambda f: 'fork' in f, 'a fork')
        self.assertEqual(frame['fork']['begun'], begun)
        self.assertLess(frame['fork']['step'], frame['step'])
        window.wait(lambda f: abs(f['fork']['step'] - f['step']) <= 30, 'B beside A',
                    since=window.mark() - 1)


class Runs(WindowTest):
    def test_runs_put_aside_come_back_and_two_become_a_and_b(self):
        window = self.open('--set', 'lr=4e-3')
        window.train(30)
        window.key('alt+3')  # a preset: the run before it is kept
        window.wait(lambda f: f['runs'] == 1 and f['settings']['beta'] == 4, 'a run put aside')
        kept = window.now()['step']
        window.wait(lambda f: f['step'] > kept + 30, 'more steps')
        window.key('r')
        window.wait(lambda f: f['runs'] == 2 and 0 < f['step'] < kept and f['rec'] is not None,
                    'two runs, and steps of a third')
        window.key('F8')
        window.click('runs.1')
        window.click('runs.go')
        frame = window.wait(lambda f: f['settings']['beta'] == 1 and f['runs'] == 3, 'the first run')
        window.wait(lambda f: f['step'] >= kept, 'its steps', since=window.mark() - 1)
        self.assertEqual(frame['shown'], 'now')
        window.click('runs.1')
        window.click('runs.2')
        window.click('runs.go')
        frame = window.wait(lambda f: 'fork' in f, 'both of them')
        self.assertEqual(frame['settings']['beta'], 1)
        window.key('ctrl+q')
        self.assertEqual(window.end()[0], 0)

    def test_a_click_on_each_column_sorts_the_runs_as_their_table_says(self):
        window = self.open('--set', 'lr=4e-3', size='900x600')  # most have to be turned to
        self.keep_five_runs(window)
        rows = self.table_of_runs(window)
        self.assertEqual([row['run'] for row in rows], ['1', '2', '3', '4', '5'])
        for name in [n for n in rows[0] if n not in ('run', 'how', 'settings')] + ['what', 'run']:
            header = {'run': 'number', 'heldout_elbo': 'elbo'}.get(name, name)
            self.turn_to(window, header)
            orders = []
            for again in (False, True):
                mark = window.mark()
                window.click(f'runs.by.{header}')
                if name == 'what':  # the text of a run is not in its table, but what it hangs on is
                    kinds = {f'runs.{row["run"]}': row['settings'] for row in rows}
                    self.assertEqual(len(set(kinds.values())), 2)
                    window.wait(lambda f, last=orders[-1:]: self.order(f, rows) not in last and len(
                        list(itertools.groupby(self.order(f, rows), kinds.get))) == 2,
                                'runs of one kind beside each other', since=mark)
                    orders.append(self.order(window.now(), rows))
                    continue
                down = again == (name == 'run')  # of figures the largest come first
                sign = -1 if down else 1
                wanted = [f'runs.{row["run"]}' for row in sorted(
                    rows, key=lambda row: sign * float(row[name]) if row[name] else float('inf'))]
                window.wait(lambda f, wanted=wanted: self.order(f, rows) == wanted,
                            f'{wanted} by {name}', since=mark)

    @staticmethod
    def order(frame, rows):
        """The runs from the top of the table down."""
        return sorted((f'runs.{row["run"]}' for row in rows), key=lambda run: frame['widgets'][run][1])

    def keep_five_runs(self, window):
        """Each begun anew from the seed; the second and the fourth without their KL."""
        for kept, steps in enumerate((30, 10, 50, 20)):
            begun = window.now()['step']
            if kept > 0:
                window.key('2')
            mark = window.mark()
            window.train(steps)
            window.key('space')
            window.wait(lambda f, least=begun + steps:
                        'measures' in f and f['measures']['step'] >= least,
                        'its measures', since=mark)
            mark = window.mark()
            window.key('r')
            window.wait(lambda f, kept=kept: f['runs'] == kept + 1 and f['step'] == 0, 'a run put aside',
                        since=mark)
        window.wait(lambda f: f['step'] == 0 and 'measures' in f and f['measures']['step'] == 0,
                    'measures of the fifth', since=mark)

    def table_of_runs(self, window):
        window.key('F8')
        window.click('export.runs')
        path = os.path.join(window.folder, 'runs.csv')
        window.key('ctrl+a')
        window.type(path)
        window.key('Return')
        window.until(lambda: os.path.exists(path), 'the table of runs')
        with open(path, encoding='utf-8', newline='') as file:
            return list(csv.DictReader(file))

    def turn_to(self, window, header):
        """Brings a column into sight as a person would, page by page."""
        for button in ['runs.fewer'] * 12 + ['runs.more'] * 12:
            if f'runs.by.{header}' in window.now()['widgets']:
                return
            mark = window.mark()
            window.click(button)
            window.wait(lambda f: True, 'a frame after the click', since=mark)
        self.fail(f'no column {header}')


if __name__ == '__main__':
    unittest.main()
