"""Asynchronous code, walked from tests that are not."""

import asyncio
import threading


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def run(self, work, seconds=60):
        """Return what a coroutine returns."""
        return self.begin(work).result(seconds)

    def begin(self, work):
        """Begin a coroutine and return its future."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)


LOOP = Loop()


class Stream:
    """An asynchronous generator as a plain one."""

    def __init__(self, generator):
        self.generator = generator

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return LOOP.run(_next(self.generator))
        except StopAsyncIteration:
            raise StopIteration from None

    def close(self):
        LOOP.run(self.generator.aclose())


async def _next(generator):
    return await anext(generator)
