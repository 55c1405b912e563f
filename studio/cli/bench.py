"""``studio bench``: speed and agreement of the dream's engines."""

from __future__ import annotations

from typing import Any

import typer

from studio.cli import app
from studio.cli.options import Json, print_json


@app.command("bench")
def bench_verb(
    seconds: float = typer.Option(3.0, help="Time to spend on each case, 0.1 … 60."),
    json: Json = False,
) -> None:
    """Time one iteration of a dream with the reference and with the fast engine, on one thread.

    Times are those of the processor, the best of many, taken in turns: what else the machine does
    disturbs them little. The error is that of the gradient, relative, in float32.
    """
    from studio.dreaming import timing

    if not 0.1 <= seconds <= 60:
        from studio.errors import ParameterError

        raise ParameterError(f"--seconds {seconds:g} must lie between 0.1 and 60.")
    rows: list[dict[str, Any]] = []
    peak = timing.prepare()
    if not json:
        print(f"Matrix products reach {peak / 1e9:.0f} GFLOP/s on one thread here.\n")
        print(
            f"{'case':<44}{'reference':>11}{'fast':>10}{'ratio':>8}{'error':>10}"
            f"{'of peak':>9}\n{'':<44}{'ms':>11}{'ms':>10}"
        )
    for case in timing.cases():
        row = timing.measure(case, seconds, peak)
        rows.append(row)
        if not json:
            print(
                f"{row['case']:<44}{row['reference_ms']:>11.2f}{row['fast_ms']:>10.2f}"
                f"{row['ratio']:>8.1f}{row['error']:>10.1e}{row['share_of_peak']:>9.0%}",
                flush=True,
            )
    means = {
        name: timing.geometric_mean(
            [row["ratio"] for row in rows if row["architecture"] == name and row["map"] is not None]
        )
        for name in ("model1", "model2")
    }
    if json:
        print_json({"peak_gflops": peak / 1e9, "cases": rows, "mean_ratio": means})
        return
    print(f"\nGeometric mean over the layers: Model1 {means['model1']:.1f}, ", end="")
    print(f"Model2 {means['model2']:.1f} times as fast as the reference.")
