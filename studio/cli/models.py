"""``studio models``: list the trained models and their accuracy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from studio.cli import app
from studio.cli.options import Json, print_json

_LONG = ("classes", "curve", "most_confused", "weights_sha256")


@app.command("models")
def models_verb(
    folder: Annotated[
        Optional[Path],  # noqa: UP045 (a type at run time)
        typer.Argument(help="Folder of models; by default your own and the studio's."),
    ] = None,
    json: Json = False,
) -> None:
    """List the models: what they learned, how well, and what the paper's reached."""
    from studio.networks.listing import available_models
    from studio.places import model_folders, own_models

    models = available_models(folder)
    if json:
        print_json([_brief(model.card) for model in models])
        return
    if not models:
        looked = ", ".join(map(str, model_folders(folder)))
        print(
            f"There are no models in {looked}. Train one with 'studio train', which puts it into "
            f"{own_models()}."
        )
        return
    print(
        f"{'model':<22}{'classes':>8}{'parameters':>12}{'epochs':>10}"
        f"{'middle second':>15}{'five seconds':>14}{'chance':>8}{'paper':>7}"
    )
    for model in models:
        card = model.card
        tests = [test.get("accuracy") for test in card.get("test", {}).values()] + [None, None]
        epochs = f"{card.get('epochs', '?')}/{card.get('epochs_planned', '?')}"
        paper = card.get("paper", {}).get("test_accuracy")
        print(
            f"{model.name:<22}{len(card['classes']):>8}{card.get('parameters', 0):>12,}"
            f"{epochs:>10}{_percent(tests[0]):>15}{_percent(tests[1]):>14}"
            f"{_percent(1 / len(card['classes'])):>8}{_percent(paper, 0):>7}"
        )
    print("\nTest accuracies. The paper's (Table 2) are for its own data and classes.")
    for model in models:
        data = model.card.get("data", {})
        print(f"\n{model.name}: {model.card.get('summary', '')}")
        for name in ("licence", "credit", "limits"):
            if data.get(name):
                print(f"  {name}: {data[name]}")
    if folder is None:
        print(f"\n'studio train' puts models of your own into {own_models()}.")


def _brief(card: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in card.items() if key not in _LONG} | {
        "class_count": len(card["classes"])
    }


def _percent(share: float | None, digits: int = 1) -> str:
    return "-" if share is None else f"{100 * share:.{digits}f} %"
