"""A progress bar for work in stages."""

from __future__ import annotations

from tqdm import tqdm


class StageBar:
    """A progress bar that starts anew with every stage of the work."""

    def __enter__(self) -> StageBar:
        self.bar = tqdm(disable=None, leave=False)
        self.stage = ""
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()

    def show(self, stage: str, done: int, of: int) -> None:
        """Show how far a stage is."""
        if stage != self.stage:
            self.bar.reset(total=of)
            self.bar.initial = done  # What was there before tells nothing about the speed.
            self.bar.set_description(stage)
            self.stage = stage
        self.bar.update(done - self.bar.n)
