#!/usr/bin/env python3
"""Drives the real program without a window: what other programs rely on.

    test_command_line.py PROGRAM [NAME...]      every check, or those whose name holds one of NAMEs

Prints one line a check and a last line "N passed, N failed"; exit status 1 when any failed. Makes a
data set of its own in a folder that is removed at the end.
"""
import gzip
import json
import os
import pty
import re
import resource
import select
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import traceback
import zlib

PROGRAM = ''
TIMEOUT = 120  # seconds: only ever reached by a program that hangs
CHECKS = []


class Skipped(Exception):
    """A check that this machine has no means for."""


def check(function):
    CHECKS.append(function)
    return function


# ---- helpers

def run(*words, **options):
    """The finished program: returncode, stdout, stderr as text."""
    return subprocess.run([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, timeout=TIMEOUT, **options)


def succeed(*words):
    done = run(*words)
    assert done.returncode == 0, f'{words}: status {done.returncode}: {done.stderr}'
    return done.stdout


def refuse(status, *words, holds=()):
    """The program says one sentence that holds all of the given texts, and writes nothing."""
    before = listing()
    done = run(*words)
    said = done.stderr
    assert done.returncode == status, f'{words}: status {done.returncode}, not {status}: {said}'
    assert done.stdout == '', f'{words}: prints {done.stdout!r}'
    assert said.count('\n') == 1 and said.endswith(('.\n', '?\n')), f'{words}: says {said!r}'
    for text in holds:
        assert text in said, f'{words}: {said!r} does not hold {text!r}'
    assert listing() == before, f'{words}: leaves {sorted(set(listing()) - set(before))}'
    return said


def listing():
    return {name: (os.stat(name).st_size, os.stat(name).st_mtime_ns) for name in os.listdir('.')}


def write_idx(path, magic, sizes, data, packed):
    raw = struct.pack(f'>{1 + len(sizes)}I', magic, *sizes) + bytes(data)
    with open(path + ('.gz' if packed else ''), 'wb') as file:
        file.write(gzip.compress(raw) if packed else raw)


def make_images(count, side, seed):
    """Bright quarters on a noisy ground; the quarter is the label."""
    state, pixels, labels = seed, bytearray(), bytearray()
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        label = (state >> 16) % 4
        labels.append(label)
        for place in range(side * side):
            state = (state * 1103515245 + 12345) % 2**31
            x, y = place % side, place // side
            inside = 2 * x // side == label % 2 and 2 * y // side == label // 2
            pixels.append((180 if inside else 0) + (state >> 16) % 60)
    return pixels, labels


def make_data(folder, side, packed):
    os.makedirs(folder, exist_ok=True)
    for name, count in (('train', 240), ('t10k', 60)):
        pixels, labels = make_images(count, side, count)
        write_idx(f'{folder}/{name}-images-idx3-ubyte', 0x803, (count, side, side), pixels, packed)
        write_idx(f'{folder}/{name}-labels-idx1-ubyte', 0x801, (count,), labels, packed)


SMALL = ('--data', 'data', '--hidden', '24,12', '--batch', '50', '--seed', '3')


def read_model(path):
    """Metadata and tensors' bytes of a safetensors file."""
    with open(path, 'rb') as file:
        raw = file.read()
    size, = struct.unpack('<Q', raw[:8])
    header = json.loads(raw[8:8 + size])
    return header.pop('__metadata__'), header, raw[8 + size:]


def read_png(path):
    """Width, height, channels and rows of an 8-bit PNG, each check sum tested."""
    with open(path, 'rb') as file:
        raw = file.read()
    assert raw[:8] == b'\x89PNG\r\n\x1a\n'
    at, packed, head = 8, b'', None
    while at < len(raw):
        size, kind = struct.unpack('>I4s', raw[at:at + 8])
        body = raw[at + 8:at + 8 + size]
        assert struct.unpack('>I', raw[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + body)
        head = struct.unpack('>IIBBBBB', body) if kind == b'IHDR' else head
        packed += body if kind == b'IDAT' else b''
        at += 12 + size
    width, height, depth, color = head[:4]
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[color]
    assert depth == 8
    line, rows, last = width * channels, [], bytes(width * channels)
    flat = zlib.decompress(packed)
    for y in range(height):
        kind, *row = flat[y * (line + 1):(y + 1) * (line + 1)]
        for x in range(line):
            left = row[x - channels] if x >= channels else 0
            up, corner = last[x], last[x - channels] if x >= channels else 0
            guess = left + up - corner
            nearest = min((left, up, corner), key=lambda v: abs(guess - v))
            row[x] = (row[x] + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
        rows.append(row)
        last = row
    return width, height, channels, rows


def json_lines(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line) for line in file]


# ---- the program

@check
def help_and_version_are_everywhere():
    assert re.fullmatch(r'latentscape \d+\.\d+\.\d+\n', succeed('--version'))
    page = succeed('--help')
    for command in ('train', 'eval', 'render', 'info'):
        assert f'\n  {command} ' in page
        page_of = succeed(command, '--help')
        assert page_of.startswith(f'Usage: latentscape {command}')
        assert all(len(line) <= 80 for line in page_of.split('\n'))
        assert succeed(command, '--version') == succeed('--version')
    assert '--beta X' in succeed('train', 'nonsense', '--help')


@check
def every_setting_of_a_model_is_an_option_with_its_name():
    page = succeed('train', '--help')
    metadata, _, _ = read_model('trained.safetensors')
    for name in ('hidden', 'latent', 'activation', 'rec', 'w_rec', 'rec_over', 'beta', 'div', 'reg', 'w_reg',
                 'lr', 'batch', 'seed', 'schedule', 'period'):
        assert f"\n  --{name.replace('_', '-')} " in page, name
        assert name in metadata, name


@check
def wrong_words_are_refused_with_status_2_and_nothing_written():
    refuse(2, 'trian', holds=('trian', 'train'))
    refuse(2, 'train', holds=('--out',))
    refuse(2, 'train', '--out', holds=('--out',))
    refuse(2, 'train', '--out', '--json', holds=('--out',))
    refuse(2, 'train', '--out', 'x', '--bach', '3', holds=('--bach', '--batch'))
    refuse(2, 'train', '--out', 'x', '-q', holds=('-q',))
    refuse(2, 'train', '--out', 'x', 'y', holds=('y',))
    refuse(2, 'train', '--out', 'x', '--steps', '1', '--epochs', '2', holds=('--steps',))
    refuse(2, 'train', '--out', 'x', '--steps', '2.5', holds=('--steps', '2.5'))
    refuse(2, 'train', '--out', 'x', '--seconds', '0', holds=('--seconds',))
    refuse(2, 'train', '--out', 'x', '--threads', '65', holds=('--threads',))
    refuse(2, 'train', '--out', 'x', '--lr', 'fast', holds=('lr', 'fast'))
    refuse(2, 'train', '--out', 'x', '--lr=nan', holds=('lr', 'nan'))
    refuse(2, 'train', '--out', 'x', '--rec', 'bcee', holds=('rec', 'bcee'))
    refuse(2, 'train', '--out', 'x', '--hidden', '64,-1', holds=('hidden', '64,-1'))
    refuse(2, 'train', '--out', 'x', '--latent', '0', holds=('latent',))
    refuse(2, 'train', '--out', 'x', '--seed', '-1', holds=('seed',))
    refuse(2, 'train', '--out', 'x', '--set', 'beta=4 bta=2', holds=('bta', 'beta'))
    refuse(2, 'train', '--out', 'x', '--json', 'x', holds=('x',))
    refuse(2, 'train', '--out', 'x', '--resume', 'trained.safetensors', '--json',
           'trained.safetensors', holds=('trained.safetensors',))
    refuse(2, 'eval', holds=('MODEL',))
    refuse(2, 'eval', 'trained.safetensors', '--json=yes', holds=('--json',))
    refuse(2, 'render', 'trained.safetensors', holds=('OUT.png',))
    refuse(2, 'render', 'trained.safetensors', 'x.png', '--grid', '0', holds=('--grid',))
    refuse(2, 'render', 'trained.safetensors', 'x.png', '--z', '1', holds=('1', '2'))
    refuse(2, 'render', 'trained.safetensors', 'x.png', '--z', '1,b', holds=('1,b',))
    refuse(2, 'render', 'trained.safetensors', 'x.png', '--z', '1,2', '--range', '3')
    refuse(2, 'render', 'trained.safetensors', 'trained.safetensors', holds=('trained',))
    refuse(2, 'info', holds=('FILE',))


@check
def missing_and_broken_files_are_refused_with_status_1_and_named():
    with open('broken', 'wb') as file:
        file.write(b'\xff' * 100)
    os.makedirs('empty', exist_ok=True)
    refuse(1, 'eval', 'nowhere', holds=('nowhere',))
    refuse(1, 'eval', 'broken', holds=('broken',))
    refuse(1, 'eval', 'empty', holds=('empty',))
    refuse(1, 'info', 'broken', holds=('broken',))
    refuse(1, 'render', 'nowhere', 'x.png', holds=('nowhere',))
    refuse(1, 'render', 'trained.safetensors', 'nowhere/x.png', holds=('nowhere/x.png',))
    refuse(1, 'train', '--out', 'nowhere/x', holds=('nowhere/x',))
    refuse(1, 'train', '--out', 'empty', holds=('empty',))
    refuse(1, 'train', '--out', 'x', '--data', 'nowhere', holds=('nowhere',))
    refuse(1, 'train', '--out', 'x', '--data', 'empty', holds=('empty',))
    refuse(1, 'train', '--out', 'x', '--json', 'nowhere/y', holds=('nowhere/y',))
    refuse(1, 'train', '--out', 'x', '--resume', 'nowhere', holds=('nowhere',))
    refuse(1, 'train', '--out', 'x', '--resume', 'broken', holds=('broken',))


@check
def a_model_of_another_image_size_is_refused_naming_both():
    refuse(1, 'eval', 'trained.safetensors', holds=('trained.safetensors', '8 x 8', '28 x 28'))
    refuse(1, 'train', '--out', 'x', '--resume', 'trained.safetensors', holds=('8 x 8', '28 x 28'))


# ---- the window, without one

def window_is_built():
    return 'This build has no window' not in run('nowhere').stderr


def without_display():
    """The environment of a machine that has no display."""
    return {name: value for name, value in os.environ.items()
            if name not in ('DISPLAY', 'WAYLAND_DISPLAY', 'SDL_VIDEODRIVER')}


@check
def an_option_of_the_window_is_not_taken_for_a_slip_of_a_command():
    if not window_is_built():
        return
    done = run('--train', env=without_display())
    assert done.returncode == 1 and 'no display' in done.stderr and '--offscreen' in done.stderr, done
    assert done.stderr.count('\n') == 1, done.stderr


@check
def faults_of_the_window_are_told_before_it_opens():
    if not window_is_built():
        return
    with open('bad script', 'w') as file:
        file.write('move 1 2\nfly\n')
    refuse(2, '--size', 'huge', holds=('huge',))
    refuse(2, '--seconds', 'soon', holds=('soon',))
    refuse(2, '--trian', holds=('--trian', '--train'))
    refuse(1, '--offscreen', 'x.png', '--script', 'nowhere', holds=('nowhere',))
    refuse(1, '--offscreen', 'x.png', '--script', 'bad script', holds=('bad script:2',))
    refuse(1, '--offscreen', 'x.png', 'broken', holds=('broken',))
    refuse(1, '--offscreen', 'x.png', 'trained.safetensors', holds=('trained.safetensors',))
    refuse(2, '--offscreen', 'x.png', '--set', 'beta=many', holds=('beta', 'many'))
    refuse(1, '--offscreen', 'x.png', '--trace', 'nowhere/y', holds=('nowhere/y',))
    refuse(1, '--offscreen', 'nowhere/x.png', '--seconds', '0.1', holds=('nowhere/x.png',))


@check
def the_window_is_drawn_without_a_display():
    if not window_is_built():
        return
    done = run('--data', 'data', '--set', 'hidden=16', '--size', '900x600', '--offscreen', 'window.png',
               '--seconds', '1', '--trace', 'trace.jsonl', env=without_display())
    assert (done.returncode, done.stdout, done.stderr) == (0, '', ''), done
    assert tuple(read_png('window.png')[:2]) == (900, 600)
    frames = json_lines('trace.jsonl')
    assert frames[0]['settings']['hidden'] == '16', frames[0]
    rec = [frame['rec'] for frame in frames if frame['rec'] is not None]
    assert rec[-1] < rec[0], frames[-1]
    for name in 't frame_ms late_ms z step kl reg heldout_elbo image_sum samples_mean recon_mean points_rms'.split():
        assert all(name in frame for frame in frames)


# ---- train

@check
def json_lines_have_the_promised_fields():
    out = succeed('train', '--out', 'j.safetensors', *SMALL, '--epochs', '3', '--json', 'j.jsonl')
    assert 'held-out' in out
    lines = json_lines('j.jsonl')
    assert lines
    for line in lines:
        assert list(line) == ['step', 'images', 'seconds', 'images_per_s', 'train', 'heldout']
        for part in ('train', 'heldout'):
            assert list(line[part]) == ['rec', 'kl', 'reg', 'elbo']
            assert abs(line[part]['elbo'] + line[part]['rec'] + line[part]['kl']) < 1e-9
    assert lines[-1]['images'] == 750 and lines[-1]['step'] == 15  # whole batches until 3 epochs
    assert abs(lines[-1]['images_per_s'] - 750 / lines[-1]['seconds']) < 1
    piped = succeed('train', '--out', 'j.safetensors', *SMALL, '--epochs', '3', '--json', '-')
    last = json.loads(piped.split('\n')[-2])
    assert last['heldout'] == lines[-1]['heldout'] and last['train'] == lines[-1]['train']


@check
def the_three_ends_of_training():
    succeed('train', '--out', 'e.safetensors', *SMALL, '--steps', '7')
    assert read_model('e.safetensors')[0]['step'] == '7'
    succeed('train', '--out', 'e.safetensors', *SMALL)
    assert read_model('e.safetensors')[0]['images'] == '2400'  # ten epochs of 240
    succeed('train', '--out', 'e.safetensors', *SMALL, '--seconds', '0.7', '--json', 'e.jsonl')
    lines = json_lines('e.jsonl')
    assert 2 <= len(lines) <= 3 and 0.25 <= lines[0]['seconds'] < lines[1]['seconds']
    assert lines[-1]['seconds'] >= 0.7


@check
def training_learns_and_settings_stand_in_the_model():
    succeed('train', '--out', 's.safetensors', *SMALL, '--set', 'beta=2 rec=gaussian reg_on=off',
            '--w-reg=0.5', '--lr', '3e-3', '--steps', '1', '--json', 's.jsonl')
    metadata, tensors, _ = read_model('s.safetensors')
    expected = {'beta': '2', 'rec': 'gaussian', 'reg_on': 'off', 'w_reg': '0.5', 'lr': '0.003',
                'hidden': '24,12', 'batch': '50', 'seed': '3', 'dataset': 'data', 'step': '1',
                'width': '8', 'height': '8', 'channels': '1', 'latent': '2', 'activation': 'silu'}
    assert {name: metadata[name] for name in expected} == expected
    assert tensors['encoder.0.weight']['shape'] == [24, 64]
    assert tensors['adam.m/decoder.2.bias']['shape'] == [64]
    first = json_lines('s.jsonl')[-1]['heldout']
    assert abs(first['elbo'] + first['rec'] + first['kl']) > 1  # elbo is bce's, rec is not
    trained = json.loads(succeed('eval', 'trained.safetensors', '--data', 'data', '--json'))
    assert trained['elbo'] > first['elbo'] + 3


@check
def the_number_of_threads_changes_no_bit():
    for threads in ('1', '2', '3'):
        succeed('train', '--out', f't{threads}', *SMALL, '--batch', '130', '--steps', '40',
                '--threads', threads)
    assert read_model('t1')[2] == read_model('t2')[2] == read_model('t3')[2]


@check
def resumed_equals_never_stopped():
    schedule = ('--schedule', 'cosine', '--period', '80')
    succeed('train', '--out', 'whole', *SMALL, *schedule, '--steps', '100')
    succeed('train', '--out', 'part', *SMALL, *schedule, '--steps', '33')
    succeed('train', '--out', 'part', '--resume', 'part', '--data', 'data', '--steps', '67')
    whole, part = read_model('whole'), read_model('part')
    assert whole[2] == part[2]
    differ = {name for name in whole[0] if whole[0][name] != part[0][name]}
    assert differ <= {'seconds'}, differ


@check
def numbers_that_burst_end_training_with_a_sound_model():
    done = run('train', '--out', 'burst', '--hidden', '64,64,64,64', '--activation', 'relu',
               '--set', 'lr=10 w_rec=100 warmup=0 ema=0 moved=0', '--steps', '300')
    assert done.returncode == 1, done
    assert re.search(r'at step [\d,]+ the [a-z ]+ had grown beyond all bounds', done.stderr), done
    succeed('eval', 'burst', '--json')


@check
def weights_only_is_the_same_small_file_each_time():
    succeed('train', '--out', 'full', *SMALL, '--steps', '40', '--lr', '2e-3')
    for name in ('lean1', 'lean2'):
        succeed('train', '--out', name, *SMALL, '--steps', '40', '--lr', '2e-3', '--weights-only')
    with open('lean1', 'rb') as one, open('lean2', 'rb') as other:
        assert one.read() == other.read()
    full, lean = read_model('full'), read_model('lean1')
    assert not [name for name in lean[1] if name.startswith(('adam.', 'live/'))]
    assert full[2].endswith(lean[2]) or full[2].startswith(lean[2])
    assert lean[0]['step'] == lean[0]['schedule_step'] == '40' and 'seconds' not in lean[0]
    succeed('train', '--out', 'on', '--resume', 'lean1', '--data', 'data', '--steps', '5')
    assert read_model('on')[0]['lr'] == '0.002' and read_model('on')[0]['schedule_step'] == '45'


@check
def a_resumed_run_takes_new_losses_but_neither_sizes_nor_seed():
    succeed('train', '--out', 'r', '--resume', 'trained.safetensors', '--data', 'data', '--steps',
            '1', '--beta', '3')
    metadata, _, _ = read_model('r')
    assert metadata['beta'] == '3' and metadata['lr'] == '0.002' and metadata['hidden'] == '24,12'
    refuse(2, 'train', '--out', 'x', '--resume', 'trained.safetensors', '--data', 'data',
           '--latent', '3', holds=('latent', '2'))
    refuse(2, 'train', '--out', 'x', '--resume', 'trained.safetensors', '--data', 'data',
           '--seed', '4', holds=('seed', '3'))


def stop_with(number):
    """Starts endless training, sends the signal upon the first evaluation, and looks at the end."""
    os.mkfifo('lines')
    try:
        words = [PROGRAM, 'train', '--out', 'stopped', *SMALL, '--epochs', '1000000000', '--json',
                 'lines']
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 text=True)
        with open('lines', encoding='utf-8') as lines:
            lines.readline()
            child.send_signal(number)
            last = [json.loads(line) for line in lines][-1]
        said = child.stderr.read()
        assert child.wait(TIMEOUT) == 0, said
        assert 'stopped' in said and said.count('\n') == 1, said
        metadata, _, _ = read_model('stopped')
        assert metadata['step'] == str(last['step'])
        succeed('eval', 'stopped', '--data', 'data')
    finally:
        os.unlink('lines')


@check
def ctrl_c_stops_cleanly_having_saved():
    stop_with(signal.SIGINT)


@check
def sigterm_stops_cleanly_having_saved():
    stop_with(signal.SIGTERM)


@check
def losses_that_are_not_finite_end_training_with_a_sentence():
    metadata, header, data = read_model('trained.safetensors')
    span = header['live/decoder.0.weight']['data_offsets']
    storm = struct.pack('<f', 1e30) * ((span[1] - span[0]) // 4)
    data = data[:span[0]] + storm + data[span[1]:]
    text = json.dumps({'__metadata__': metadata, **header}).encode()
    with open('storm', 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + data)
    done = run('train', '--out', 'after', '--resume', 'storm', '--data', 'data', '--steps', '50')
    assert done.returncode == 1, done.stderr
    step = int(metadata['step'])
    assert f'step {step + 1} ' in done.stderr and 'after' in done.stderr, done.stderr
    assert read_model('after')[2] == data  # the last sound state


@check
def a_full_disk_for_the_json_costs_the_log_and_not_the_model():
    if not os.path.exists('/dev/full'):
        return
    done = run('train', '--out', 'logless', *SMALL, '--steps', '5', '--json', '/dev/full')
    assert done.returncode == 1 and '/dev/full' in done.stderr
    assert read_model('logless')[0]['step'] == '5'
    with open('/dev/full', 'w', encoding='utf-8') as full:
        done = subprocess.run([PROGRAM, 'info', 'logless'], stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=TIMEOUT)
    assert done.returncode == 1 and done.stderr.count('\n') == 1, done.stderr


@check
def a_model_that_finds_no_room_leaves_the_old_one_whole():
    succeed('train', '--out', 'kept', *SMALL, '--steps', '3')
    before = read_model('kept')
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    done = run('train', '--out', 'kept', *SMALL, '--steps', '4', preexec_fn=limit)
    assert done.returncode == 1 and 'kept' in done.stderr, done.stderr
    assert done.stderr.count('\n') == 1, done.stderr
    assert read_model('kept') == before
    assert [name for name in os.listdir('.') if 'kept' in name] == ['kept']


@check
def a_reader_that_goes_away_is_no_fault():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([PROGRAM, 'info', 'trained.safetensors'], stdout=writer,
                          stderr=subprocess.PIPE, text=True, timeout=TIMEOUT)
    os.close(writer)
    assert done.returncode == 0 and done.stderr == '', done.stderr


@check
def a_terminal_gets_a_bar_and_a_dumb_one_lines():
    for terminal, bar in (('xterm', True), ('dumb', False)):
        try:
            ours, theirs = pty.openpty()
        except OSError as error:  # a container may have none
            raise Skipped(f'there is no terminal to be had here: {error}') from None
        words = [PROGRAM, 'train', '--out', 'tty', *SMALL, '--seconds', '0.6']
        child = subprocess.Popen(words, stdout=theirs, stderr=theirs, stdin=theirs,
                                 env={**os.environ, 'TERM': terminal})
        os.close(theirs)
        shown = b''
        while select.select([ours], [], [], TIMEOUT)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the terminal's other end is closed
                break
            if not piece:
                break
            shown += piece
        assert child.wait(TIMEOUT) == 0
        os.close(ours)
        assert (b'\r[#' in shown or b'\r[.' in shown) == bar, shown
        assert (b'\033' in shown) == bar, shown
        assert b'held-out rec' in shown, shown


# ---- eval, render, info

@check
def eval_judges_with_the_same_noise_each_time():
    words = ('eval', 'trained.safetensors', '--data', 'data')
    first = json.loads(succeed(*words, '--json'))
    assert list(first) == ['images', 'rec', 'kl', 'elbo'] and first['images'] == 60
    assert abs(first['elbo'] + first['rec'] + first['kl']) < 1e-9
    assert json.loads(succeed(*words, '--json', '--threads', '1')) == first
    assert json.loads(succeed(*words, '--json', '--threads=2')) == first
    assert f"{first['elbo']:.3f}" in succeed(*words)
    trained = json_lines('trained.jsonl')[-1]['heldout']
    assert abs(trained['elbo'] - first['elbo']) < 1e-9


@check
def packed_files_are_the_same_data():
    words = ('eval', 'trained.safetensors', '--json', '--data')
    assert succeed(*words, 'data') == succeed(*words, 'data packed')


@check
def render_draws_a_grid_with_y_upwards():
    succeed('render', 'trained.safetensors', 'grid.png', '--grid', '5', '--range', '2')
    width, height, channels, rows = read_png('grid.png')
    assert (width, height, channels) == (40, 40, 1)
    for column, row, z in ((0, 0, '-2,2'), (4, 0, '2,2'), (2, 2, '0,0'), (1, 4, '-1,-2')):
        succeed('render', 'trained.safetensors', 'one.png', '--z', z)
        _, _, _, one = read_png('one.png')
        cell = [line[8 * column:8 * column + 8] for line in rows[8 * row:8 * row + 8]]
        worst = max(abs(a - b) for x, y in zip(cell, one) for a, b in zip(x, y))
        assert worst <= 1, (z, worst)
    succeed('render', 'trained.safetensors', 'grid.png')
    assert read_png('grid.png')[:2] == (160, 160)
    succeed('train', '--out', 'line', *SMALL, '--latent', '1', '--steps', '1')
    succeed('render', 'line', 'grid.png', '--grid', '6')
    assert read_png('grid.png')[:2] == (48, 8)
    succeed('train', '--out', 'five', *SMALL, '--latent', '5', '--steps', '1')
    succeed('render', 'five', 'grid.png', '--grid=3')
    assert read_png('grid.png')[:2] == (24, 24)
    succeed('render', 'five', 'grid.png', '--z', '-1,0.5,0,0,2')
    assert read_png('grid.png')[:2] == (8, 8)


@check
def info_tells_what_a_file_holds():
    told = json.loads(succeed('info', 'trained.safetensors', '--json'))
    metadata, tensors, _ = read_model('trained.safetensors')
    assert told['metadata'] == metadata and told['file'] == 'trained.safetensors'
    assert told['model']['hidden'] == [24, 12] and told['model']['latent'] == 2
    assert {entry['name'] for entry in told['tensors']} == set(tensors)
    layers = [(64, 24), (24, 12), (12, 2), (12, 2), (2, 12), (12, 24), (24, 64)]
    assert told['parameters'] == sum(a * b + b for a, b in layers)
    page = succeed('info', 'trained.safetensors')
    assert '64-24-12-2-12-24-64' in page and 'encoder.0.weight' in page
    header = b'{"w":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}'
    with open('other', 'wb') as file:
        file.write(struct.pack('<Q', len(header)) + header + bytes(12))
    told = json.loads(succeed('info', 'other', '--json'))
    assert told['model'] is None and told['parameters'] == 6
    assert '[2, 3]' in succeed('info', 'other')


@check
def a_model_is_readable_like_any_other_file():
    mask = os.umask(0o022)
    os.umask(mask)
    assert stat.S_IMODE(os.stat('trained.safetensors').st_mode) == 0o666 & ~mask


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv[1])
    wanted, failed, skipped = sys.argv[2:], 0, 0
    with tempfile.TemporaryDirectory(prefix='latentscape command line ') as folder:
        os.chdir(folder)
        make_data('data', 8, False)
        make_data('data packed', 8, True)
        succeed('train', '--out', 'trained.safetensors', *SMALL, '--lr', '2e-3', '--steps', '300',
                '--json', 'trained.jsonl')
        checks = [c for c in CHECKS if not wanted or any(w in c.__name__ for w in wanted)]
        for function in checks:
            try:
                function()
                print(f'ok {function.__name__}', flush=True)
            except Skipped as reason:
                skipped += 1
                print(f'skipped {function.__name__}: {reason}', flush=True)
            except Exception:  # any fault is that check's, and the others still run
                failed += 1
                print(f'FAILED {function.__name__}\n{traceback.format_exc()}', flush=True)
        os.chdir('/')
    print(f'{len(checks) - failed - skipped} passed, {failed} failed, {skipped} skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
