"""A dream that goes on while it is played: real time (paper, sections 4.2 and 6).

A longer sound lies in a circular buffer. The play head runs around in it. Just ahead of the play
head, excerpts of one second are taken round robin, dream a few iterations, and are faded back in.
`settings` says what can be changed, `engine` does it, `worker` runs it ahead of the play head.
"""

from studio.live.settings import LiveSettings, TargetSet

__all__ = ["LiveSettings", "TargetSet"]
