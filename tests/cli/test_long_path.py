#!/usr/bin/env python3
"""What is wrong with a file stays readable where its path is of more than a thousand bytes.

    tests/cli/test_long_path.py PROGRAM
"""
import os
import struct

from test_command_line import make_data
from test_eval import call, run, succeed

FOLDER = '/'.join(['Größe und Länge, ' + 'x' * 180] * 6)
TEXT = 511  # bytes of a sentence


def deep(name, content=None):
    """The path of a file in a deep folder, which is made."""
    path = os.path.join(os.getcwd(), FOLDER, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if content is not None:
        with open(path, 'wb') as file:
            file.write(content)
    return path


def refuse(words, ends):
    """The sentence begins with the path's beginning and ends with its name and the whole fault."""
    status, _, complaint = call(*words)
    said = complaint.removeprefix('latentscape: ')
    assert status == 1 and said.endswith(ends + '\n'), f'{words}: {said!r}'
    assert '...' in said and os.getcwd() in said, said
    assert len(said.encode()) <= TEXT + 1 and '?' not in said, said


def models_and_data():
    bad = deep('bad.safetensors', b'\xff' * 64)
    refuse(('info', bad), '/bad.safetensors is no safetensors file or cut short: it announces a header of '
           '18446744073709551615 bytes, 56 follow.')
    refuse(('eval', deep('none.safetensors')),
           '/none.safetensors cannot be opened: No such file or directory.')
    refuse(('train', '--out', 'x', '--resume', bad), ' 56 follow.')
    folder = os.path.dirname(bad)
    make_data(os.path.join(folder, 'data'), 8, False)
    with open(os.path.join(folder, 'data', 'train-images-idx3-ubyte'), 'wb') as file:
        file.write(b'\x01' * 40)
    refuse(('train', '--out', 'x', '--data', os.path.join(folder, 'data')),
           '/train-images-idx3-ubyte is neither an IDX file nor one packed by gzip: its first bytes '
           'are others.')


def between_two_files():
    folder = os.path.join(os.path.dirname(deep('x')), 'two')
    make_data(folder, 8, False)
    labels = os.path.join(folder, 'train-labels-idx1-ubyte')
    with open(labels, 'wb') as file:
        file.write(struct.pack('>2I', 0x801, 3) + b'abc')
    refuse(('train', '--out', 'x', '--data', folder),
           '/train-labels-idx1-ubyte holds 3 labels, but there are 240 images in train-images-idx3-ubyte.')


def what_is_written():
    succeed('train', '--out', 'm', '--hidden', '8', '--steps', '1', '--threads', '1')
    refuse(('render', 'm', os.path.join(deep('none'), 'x.png')),
           'none/x.png cannot be written: No such file or directory.')


def lessons_and_scripts():
    refuse(('lesson', deep('bad.lesson', b'lesson A\nfrob x\n')), '.')
    if 'This build has no window' in call('nowhere')[2]:
        return
    refuse(('--offscreen', 'x.png', '--script', deep('bad.txt', b'wait-ms 1\nfrobnicate\n')),
           '/bad.txt:2: There is no word "frobnicate".')
    refuse(('--offscreen', os.path.join(deep('none'), 'x.png'), '--seconds', '0.1'),
           'none/x.png cannot be written: No such file or directory.')
    refuse(('--offscreen', 'x.png', '--trace', os.path.join(deep('none'), 'y')),
           'none/y: the trace cannot be written: No such file or directory.')


CHECKS = (models_and_data, between_two_files, what_is_written, lessons_and_scripts)


if __name__ == '__main__':
    run(CHECKS)
