#!/usr/bin/env python3
"""What `latentscape train --preset` promises, on a small data set of its own.

    tests/cli/test_preset.py PROGRAM
"""
from test_command_line import read_model
from test_eval import SMALL, run, succeed


def a_mean_over_pixels_is_the_weight_of_one_pixel_whatever_the_size_of_the_images():
    for name, loss in (('mean', ('--preset', 'mean')), ('weighed', ('--w-rec', str(1 / 64))), ('summed', ())):
        succeed('train', *loss, '--out', name, *SMALL, '--steps', '40', '--weights-only')
    mean, weighed, summed = (read_model(name) for name in ('mean', 'weighed', 'summed'))
    assert (mean[0]['rec_over'], mean[0]['w_rec']) == ('mean', '1') and weighed[0]['rec_over'] == 'sum'
    assert mean[1:] == weighed[1:] and mean[2] != summed[2]


def what_a_preset_sets_can_be_set_otherwise():
    succeed('train', '--preset', 'mean', '--rec-over', 'sum', '--out', 'taken_back', *SMALL, '--steps', '40',
            '--weights-only')
    assert read_model('taken_back')[2] == read_model('summed')[2]


CHECKS = (a_mean_over_pixels_is_the_weight_of_one_pixel_whatever_the_size_of_the_images,
          what_a_preset_sets_can_be_set_otherwise)


if __name__ == '__main__':
    run(CHECKS)
