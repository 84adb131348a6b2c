#!/usr/bin/env python3
"""What `latentscape compare` promises, on a small data set of its own.

    tests/cli/test_compare.py PROGRAM
"""
import csv
import html.parser
import json
import os

from test_eval import call, run, succeed

SMALL = ('--data', 'data', '--hidden', '24,12', '--batch', '32', '--threads', '2', '--seconds', '0.2')


class Page(html.parser.HTMLParser):
    """Counts tags, keeps pictures and anything that would ask the network."""

    def __init__(self, text):
        super().__init__()
        self.count, self.images, self.outside, self.best = {}, [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.best += (tag, ('class', 'best')) == ('td', attrs[0] if attrs else None)
        for name, value in attrs:
            if name in ('src', 'href'):
                (self.images if value.startswith('data:image/png;base64,') else self.outside).append(value)


def a_page_tells_presets_apart():
    said = succeed('compare', '--preset', 'vae', '--preset', 'ae', '--preset', 'klonly', *SMALL,
                   '--seeds', '2', '--out', 'out')
    assert said.count('\n') == 6, said
    assert sorted(os.listdir('out')) == ['ae-map.png', 'ae-samples.png', 'klonly-map.png', 'klonly-samples.png',
                                         'report.html', 'results.csv', 'results.json', 'vae-map.png',
                                         'vae-samples.png'], os.listdir('out')
    with open('out/report.html', encoding='utf-8') as file:
        text = file.read()
    assert '>-' not in text and '&minus;0.00<' not in text and '<b>&minus;' in text  # true minus signs
    page = Page(text)
    assert len(page.images) == 6 and page.outside == [], page.outside
    assert page.count['svg'] == 4 and page.count['polyline'] == 12 and page.count['table'] == 2, page.count
    assert page.best > 5 and page.count['article'] == 3, page.best


def figures_are_the_same_in_every_file():
    with open('out/results.json', encoding='utf-8') as file:
        told = json.load(file)
    assert [side['preset'] for side in told['presets']] == ['vae', 'ae', 'klonly'] and told['seeds'] == 2
    rows = {}
    with open('out/results.csv', encoding='utf-8', newline='') as file:
        for row in csv.DictReader(file):
            rows[row['preset'], int(row['seed']), row['figure']] = row['value']
    for side in told['presets']:
        for name, figure in side['figures'].items():
            for seed, value in enumerate(figure['seeds'], 1):
                text = rows[side['preset'], seed, name]
                assert (value is None and text == '') or float(text) == value, (side['preset'], name)
            if None not in figure['seeds']:
                assert abs(sum(figure['seeds']) / 2 - figure['mean']) < 1e-6 * max(1, abs(figure['mean']))
    figures = {side['preset']: side['figures'] for side in told['presets']}
    assert figures['ae']['kl']['mean'] > figures['vae']['kl']['mean'] > figures['klonly']['kl']['mean']
    assert figures['vae']['gap']['mean'] > -0.05 and figures['vae']['log_p']['mean'] is not None
    assert figures['vae']['sharpness']['mean'] is not None


def settings_count_for_every_preset():
    succeed('compare', '--preset', 'vae', '--preset', 'beta4', *SMALL, '--set', 'lr=0.002', '--latent', '3',
            '--out', 'three')
    with open('three/results.json', encoding='utf-8') as file:
        told = json.load(file)
    assert all('lr=0.002' in side['settings'] and 'latent=3' in side['settings'] for side in told['presets'])
    assert 'beta=4' in told['presets'][1]['settings']
    assert all(side['figures']['log_p']['mean'] is None for side in told['presets'])
    assert not os.path.exists('three/vae-map.png')


def images_in_place_of_seconds_give_the_same_figures_again():
    small = SMALL[:SMALL.index('--seconds')] + ('--images', '3200')
    for threads, folder in (('1', 'one'), ('2', 'two')):
        succeed('compare', '--preset', 'vae', '--preset', 'ae', *small, '--threads', threads, '--out', folder)
    told = []
    for folder in ('one', 'two'):
        with open(f'{folder}/results.json', encoding='utf-8') as file:
            told.append(json.load(file))
    assert told[0]['images'] == 3200 and told[0]['backend'] == 'openblas'
    for one, two in zip(told[0]['presets'], told[1]['presets']):
        assert one['figures']['steps']['seeds'] == [100] and one['curve']['images'][-1] == 3200
        for name in ('rec', 'kl', 'elbo', 'log_p'):
            assert one['figures'][name] == two['figures'][name], name


def a_comparison_goes_on_where_it_stopped():
    small = SMALL[:SMALL.index('--seconds')] + ('--images', '3200', '--out', 'one', '--resume')
    with open('one/results.json', encoding='utf-8') as file:
        before = file.read()
    said = succeed('compare', '--preset', 'vae', '--preset', 'ae', *small)
    assert said.count('finished already') == 2, said
    with open('one/results.json', encoding='utf-8') as file:
        assert file.read() == before
    said = succeed('compare', '--preset', 'klonly', '--preset', 'ae', *small)
    assert said.count('finished already') == 1 and 'klonly       seed 1' in said, said
    said = succeed('compare', '--preset', 'klonly', *small, '--set', 'lr=0.002')
    assert 'finished already' not in said, said
    with open('one/results.json', 'w', encoding='utf-8') as file:
        file.write(before[:100])
    status, said, complaint = call('compare', '--preset', 'vae', *small)
    assert status == 1 and 'one/results.json' in complaint and complaint.count('\n') == 1, complaint


def what_is_wrong_is_said_in_a_sentence():
    for words, part in ((('--preset', 'vae'), '--out'), (('--preset', 'vea', '--out', 'x'), 'vae'),
                        (('--preset', 'vae', '--preset', 'vae', '--out', 'x'), 'twice'),
                              (('--preset', 'vae', '--seconds', '1', '--images', '9', '--out', 'x'), 'not both')):
        status, said, complaint = call('compare', *words)
        assert status == 2 and said == '' and part in complaint and complaint.count('\n') == 1, complaint
    assert not os.path.exists('x')


CHECKS = (a_page_tells_presets_apart, figures_are_the_same_in_every_file, settings_count_for_every_preset,
          images_in_place_of_seconds_give_the_same_figures_again, a_comparison_goes_on_where_it_stopped,
          what_is_wrong_is_said_in_a_sentence)


if __name__ == '__main__':
    run(CHECKS)
