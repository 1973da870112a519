"""The chart of the results in memory: a bar for each contestant, a group for each scheme, a panel for each size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

COLOURS = {
    "custgrade": "#b3261e",
    "Polars": "#1f77b4",
    "DuckDB": "#e0a100",
    "NumPy": "#2e7d32",
    "pandas": "#6a4c93",
    "openretailscience": "#7f7f7f",
    "reading once": "#c9c9c9",
}
"""A colour for each contestant, in the order of the bars."""


def draw(results: Sequence[dict[str, Any]], file: Path) -> None:
    """Write the chart of results of `in_memory.measure`; the ending of the file says in which format."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.hashsalt": "custgrade", "font.size": 9})
    sizes = sorted({one["customers"] for one in results})
    kinds = list(dict.fromkeys(one["kind"] for one in results))
    schemes = list(dict.fromkeys(one["scheme"] for one in results))
    shown = [who for who in COLOURS if any(who in one["contestants"] for one in results)]
    figure, panels = pyplot.subplots(
        len(sizes),
        len(kinds),
        figsize=(3 + 4.5 * len(kinds), 1.2 + 2.9 * len(sizes)),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for row, size in enumerate(sizes):
        for place, kind in enumerate(kinds):
            panel = panels[row][place]
            some = {
                one["scheme"]: one["contestants"] for one in results if (one["customers"], one["kind"]) == (size, kind)
            }
            _panel(panel, [some.get(scheme, {}) for scheme in schemes], shown, size)
            panel.set_title(f"{size:,} customers, {kind} values")
            panel.set_xticks(range(len(schemes)), schemes)
        panels[row][0].set_ylabel("nanoseconds a customer")
    # room for the numbers above the highest bars
    lowest, highest = panels[0][0].get_ylim()
    panels[0][0].set_ylim(lowest, highest * 4)
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(shown), frameon=False)
    figure.suptitle("Fitting and grading in memory: less is better; the axis is logarithmic; hatched: other grades")
    figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None, dpi=110)
    pyplot.close(figure)


def _panel(panel: Any, schemes: Sequence[dict[str, Any]], shown: Sequence[str], size: int) -> None:
    """Draw a group of bars for each scheme; who failed has a word in the place of a bar."""
    width = 0.86 / len(shown)
    panel.set_yscale("log")
    panel.grid(axis="y", color="#dddddd", linewidth=0.6)
    panel.set_axisbelow(True)
    panel.spines[["top", "right"]].set_visible(False)
    for place, who in enumerate(shown):
        at = [group + (place - (len(shown) - 1) / 2) * width for group in range(len(schemes))]
        heights = [1e9 * one[who]["median"] / size if "median" in one.get(who, {}) else 0 for one in schemes]
        other = ["//" if one.get(who, {}).get("same grades") is False else "" for one in schemes]
        panel.bar(at, heights, width * 0.92, label=who, color=COLOURS[who], hatch=other, edgecolor="white", linewidth=0)
        for x, height, one in zip(at, heights, schemes, strict=True):
            word = (
                (f"{height:,.0f}" if height >= 100 else f"{height:.3g}")
                if height
                else one.get(who, {}).get("failed", "")
            )
            panel.annotate(
                word,
                (x, height) if height else (x, 0.02),
                xycoords="data" if height else panel.get_xaxis_transform(),
                xytext=(0, 2),
                textcoords="offset points",
                ha="center",
                va="bottom",
                rotation=90,
                fontsize=6.5,
                color="#333333",
            )
