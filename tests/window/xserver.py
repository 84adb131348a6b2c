"""An X server of the tests' own, and the few words of the X protocol that xdotool has not: the
pixels of the screen, a click on the window's close button, the text another program would paste.
"""
import ctypes
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import zlib

DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


def die_with_parent():
    """For preexec_fn: whatever ends the tests also ends what they started."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


class Picture:
    """Pixels of the screen as 0xRRGGBB."""

    def __init__(self, width, height, data):
        self.width, self.height = width, height
        self.data = data  # four bytes a pixel: blue, green, red, unused

    def pixel(self, x, y):
        at = 4 * (y * self.width + x)
        blue, green, red = self.data[at:at + 3]
        return red << 16 | green << 8 | blue

    def part(self, box):
        """The bytes within [x, y, w, h]: equal parts look alike."""
        x, y, w, h = (int(v) for v in box)
        return b''.join(self.data[4 * (row * self.width + x):4 * (row * self.width + x + w)]
                        for row in range(max(y, 0), min(y + h, self.height)))

    def count(self, box, wanted):
        """How many pixels of the box wanted(red, green, blue) accepts."""
        part = self.part(box)
        return sum(1 for at in range(0, len(part), 4)
                   if wanted(part[at + 2], part[at + 1], part[at]))

    def save(self, path):
        """Writes a PNG."""
        rows = bytearray()
        for y in range(self.height):
            row = self.data[4 * y * self.width:4 * (y + 1) * self.width]
            rgb = bytearray(3 * self.width)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows += b'\0' + rgb

        def chunk(kind, data):
            return (struct.pack('>I', len(data)) + kind + data
                    + struct.pack('>I', zlib.crc32(kind + data)))

        with open(path, 'wb') as file:
            file.write(b'\x89PNG\r\n\x1a\n'
                       + chunk(b'IHDR', struct.pack('>IIBBBBB', self.width, self.height, 8, 2, 0, 0, 0))
                       + chunk(b'IDAT', zlib.compress(bytes(rows), 6)) + chunk(b'IEND', b''))


class XServer:
    """Xvfb on a free display; .name is what DISPLAY wants."""

    def __init__(self, width=1920, height=1200):
        read, write = os.pipe()
        self.socket = None
        self.process = subprocess.Popen(
            ['Xvfb', '-displayfd', str(write), '-screen', '0', f'{width}x{height}x24', '-ac',
             '-nolisten', 'tcp', '-noreset'],
            pass_fds=[write], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
        os.close(write)
        # The number comes without its newline at first, and a pipe closed between would end the server.
        number = b''
        while not number.endswith(b'\n') and select.select([read], [], [], 60)[0]:
            more = os.read(read, 16)
            if not more:
                break
            number += more
        os.close(read)
        number = number.decode().strip()
        if not number:
            self.stop()
            sys.exit('Xvfb did not start.')
        self.name = f':{number}'
        self._connect(number)

    def stop(self):
        self.process.kill()
        self.process.wait()
        if self.socket:
            self.socket.close()

    # --- the protocol; every number is the request's, from the X11 protocol's own list

    def _connect(self, number):
        path = f'/tmp/.X11-unix/X{number}'
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(30)
        try:
            self.socket.connect('\0' + path)
        except OSError:
            self.socket.connect(path)
        self.socket.sendall(struct.pack('<BxHHHHxx', ord('l'), 11, 0, 0, 0))
        good, words = struct.unpack('<BxxxxxH', self._read(8))
        setup = self._read(4 * words)
        if good != 1:
            sys.exit('Xvfb refused the connection.')
        vendor, = struct.unpack_from('<H', setup, 16)
        formats = setup[21]
        screen = 32 + (vendor + 3) // 4 * 4 + 8 * formats
        self.root, = struct.unpack_from('<I', setup, screen)
        self.width, self.height = struct.unpack_from('<HH', setup, screen + 20)

    def _read(self, count):
        data = bytearray()
        while len(data) < count:
            more = self.socket.recv(min(count - len(data), 1 << 20))
            if not more:
                raise ConnectionError('Xvfb has ended')
            data += more
        return bytes(data)

    def _reply(self):
        """The next reply; events and errors, which have no tail, are passed over."""
        while True:
            head = self._read(32)
            if head[0] == 1:
                return head + self._read(4 * struct.unpack_from('<I', head, 4)[0])

    def atom(self, name):
        data = name.encode()
        padded = data + b'\0' * (-len(data) % 4)
        self.socket.sendall(struct.pack('<BBHHxx', 16, 0, 2 + len(padded) // 4, len(data)) + padded)
        return struct.unpack_from('<I', self._reply(), 8)[0]

    def picture(self):
        """The screen as it is now."""
        self.socket.sendall(struct.pack('<BBHIhhHHI', 73, 2, 5, self.root, 0, 0, self.width,
                                        self.height, 0xffffffff))
        return Picture(self.width, self.height, self._reply()[32:])

    def close_window(self, window):
        """What a window manager sends when somebody clicks on the close button."""
        protocols, delete = self.atom('WM_PROTOCOLS'), self.atom('WM_DELETE_WINDOW')
        event = struct.pack('<BBHII5I', 33, 32, 0, window, protocols, delete, 0, 0, 0, 0)
        self.socket.sendall(struct.pack('<BBHII', 25, 0, 11, window, 0) + event)
        self.atom('WM_PROTOCOLS')  # a round trip: the server has taken the event
