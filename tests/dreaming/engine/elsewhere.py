"""Builds of the engine for other machines, called as if they were libraries of this one.

WebAssembly runs in ``wasmtime``, ARM64 under ``qemu-aarch64-static``. Both offer what `ctypes.CDLL`
does, as far as the engine uses it: functions by name, with ``argtypes`` and ``restype``. Memory
that a call is given is copied there before it and back after it; the same memory always to the same
place, so that the engine may keep a pointer.
"""

from __future__ import annotations

import ctypes
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np

QEMU = "qemu-aarch64-static"
ARM_LIBRARIES = Path("/usr/aarch64-linux-gnu")

_ALIGNMENT = 64
_PAGE = 65536
_WHOLE = {ctypes.c_int32, ctypes.c_uint32, ctypes.c_int64, ctypes.c_uint64, ctypes.c_void_p}


class Elsewhere:
    """A library in another memory."""

    def __init__(self):
        self._functions = {}
        self._places = {}

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._functions:
            self._functions[name] = Function(self, name)
        return self._functions[name]

    def place(self, address, size):
        """Return where memory of this process lies there."""
        if (address, size) not in self._places:
            self._places[address, size] = self.allocate(max(size, 1))
        return self._places[address, size]

    # What a machine must offer.

    def allocate(self, size):
        raise NotImplementedError

    def write(self, place, content):
        raise NotImplementedError

    def read(self, place, size):
        raise NotImplementedError

    def call(self, name, whole_or_real, restype):
        raise NotImplementedError


class Function:
    """A function of a library elsewhere."""

    argtypes = ()
    restype = ctypes.c_int32

    def __init__(self, library, name):
        self._library, self._name = library, name

    def __call__(self, *given):
        assert len(given) == len(self.argtypes or ()), self._name
        passed, lent = [], []
        for value, kind in zip(given, self.argtypes, strict=True):
            if value is None:
                passed.append((0, ctypes.c_void_p))
            elif isinstance(value, int | float | np.number):
                simple = kind in _WHOLE or kind in (ctypes.c_float, ctypes.c_double)
                passed.append((kind(value).value if simple else value, kind))
            else:
                address, size = _memory(value)
                place = self._library.place(address, size)
                self._library.write(place, ctypes.string_at(address, size))
                passed.append((place, ctypes.c_void_p))
                lent.append((place, address, size))
        result = self._library.call(self._name, passed, self.restype)
        for place, address, size in lent:
            ctypes.memmove(address, self._library.read(place, size), size)
        return result


def _memory(value):
    """Return address and bytes of an array or a `ctypes` object."""
    if isinstance(value, np.ndarray):
        assert value.flags.c_contiguous
        return value.ctypes.data, value.nbytes
    return ctypes.addressof(value), ctypes.sizeof(value)


class Wasm(Elsewhere):
    """A WebAssembly build."""

    def __init__(self, path):
        import wasmtime

        super().__init__()
        configuration = wasmtime.Config()
        configuration.wasm_relaxed_simd = True
        self._store = wasmtime.Store(wasmtime.Engine(configuration))
        module = wasmtime.Module.from_file(self._store.engine, str(path))
        self._exports = wasmtime.Instance(self._store, module, []).exports(self._store)
        self._memory = self._exports["memory"]
        self._free = self._end = self._memory.data_len(self._store)

    def allocate(self, size):
        size = -(-size // _ALIGNMENT) * _ALIGNMENT
        if self._free + size > self._end:
            # What lies between belongs to the build, which may have grown the memory, too.
            pages = -(-size // _PAGE) + 16
            self._free = self._memory.grow(self._store, pages) * _PAGE
            self._end = self._free + pages * _PAGE
        place, self._free = self._free, self._free + size
        return place

    def write(self, place, content):
        self._memory.write(self._store, content, place)

    def read(self, place, size):
        return bytes(self._memory.read(self._store, place, place + size))

    def call(self, name, passed, restype):
        return self._exports[name](self._store, *(value for value, _ in passed))


class Arm64(Elsewhere):
    """A build for ARM64 on Linux, under an emulator."""

    def __init__(self, path, caller):
        super().__init__()
        command = [QEMU, "-L", str(ARM_LIBRARIES), str(caller), str(path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._addresses = {}

    def close(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def allocate(self, size):
        return self._ask(b"a", size)

    def write(self, place, content):
        self._tell(b"w", place, len(content), after=content)

    def read(self, place, size):
        self._tell(b"r", place, size)
        return self._answer(size)

    def call(self, name, passed, restype):
        if name not in self._addresses:
            self._addresses[name] = self._ask(b"f", len(name), after=name.encode())
            assert self._addresses[name], f"there is no function {name}"
        whole = [value for value, kind in passed if kind not in (ctypes.c_float, ctypes.c_double)]
        real = b"".join(
            # A single precision number is the lower half of its register.
            struct.pack("<f4x" if kind is ctypes.c_float else "<d", value)
            for value, kind in passed
            if kind in (ctypes.c_float, ctypes.c_double)
        )
        assert len(whole) <= 16 and len(real) <= 64
        arguments = b"".join(_eight_bytes(value) for value in whole).ljust(128, b"\0")
        letter = {ctypes.c_double: "d", ctypes.c_float: "f"}.get(restype, "i")
        address = self._addresses[name]
        answered = self._ask(b"c", address, ord(letter), after=arguments + real.ljust(64, b"\0"))
        if restype is None:
            return None
        formats = {ctypes.c_double: "<d", ctypes.c_float: "<f", ctypes.c_int32: "<i"}
        return struct.unpack_from(formats.get(restype, "<Q"), struct.pack("<Q", answered))[0]

    def _tell(self, what, *numbers, after=b""):
        words = [ord(what), *numbers]
        self._process.stdin.write(struct.pack(f"<{len(words)}Q", *words) + after)
        self._process.stdin.flush()

    def _answer(self, size):
        answered = self._process.stdout.read(size)
        assert len(answered) == size, "the emulated process ended"
        return answered

    def _ask(self, what, *numbers, after=b""):
        self._tell(what, *numbers, after=after)
        return struct.unpack("<Q", self._answer(8))[0]


def _eight_bytes(value):
    return struct.pack("<q" if value < 0 else "<Q", value)


def why_no_arm64():
    """Return what is missing to run ARM64 builds, or None."""
    if shutil.which(QEMU) is None or not ARM_LIBRARIES.is_dir():
        return "emulating ARM64 needs apt's qemu-user-static and libc6-arm64-cross"
    return None


def build_caller(folder):
    """Return a program for ARM64 that loads a library and calls its functions."""
    program = folder / "caller"
    source = Path(__file__).with_name("caller.c")
    command = [sys.executable, "-m", "ziglang", "cc", "-target", "aarch64-linux-gnu.2.36", "-O1"]
    subprocess.run([*command, str(source), "-o", str(program)], check=True)
    return program
