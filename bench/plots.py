"""Bars as SVG, without a library: readable in a browser and in a review."""

import html
import math

COLOURS = ["#9aa0a6", "#1a73e8", "#12b5cb", "#7c4dff", "#e8710a", "#d93025", "#188038", "#5f6368"]
WIDTH, LEFT, TOP, ROW, GAP = 860, 230, 64, 18, 14


def bars(path, title, unit, groups, logarithmic=False):
    """groups: {group: {series: value}}; one colour for each series, values beside the bars."""
    series = list(dict.fromkeys(name for group in groups.values() for name in group))
    top = max(value for group in groups.values() for value in group.values())
    low = min(value for group in groups.values() for value in group.values() if value > 0)
    room = WIDTH - LEFT - 90

    def length(value):
        if value <= 0:
            return 0
        if not logarithmic:
            return room * value / top
        first = 10 ** math.floor(math.log10(low)) / 2
        return room * math.log(value / first) / math.log(top / first)

    parts, y = [], TOP
    for group, values in groups.items():
        parts.append(text(12, y + 13, group, "600 13px"))
        for name, value in values.items():
            colour = COLOURS[series.index(name) % len(COLOURS)]
            parts.append(text(LEFT - 8, y + 13, name, "12px", "end"))
            parts.append(f'<rect x="{LEFT}" y="{y + 2}" width="{length(value):.1f}" height="{ROW - 4}" fill="{colour}"/>')
            parts.append(text(LEFT + length(value) + 6, y + 13, figure(value), "12px"))
            y += ROW
        y += GAP
    scale = ", logarithmic" if logarithmic else ""
    head = text(12, 26, title, "600 16px") + text(12, 46, unit + scale, "12px")
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
        f'font-family="system-ui, sans-serif"><rect width="100%" height="100%" fill="#fff"/>\n'
        + head + "\n" + "\n".join(parts) + "\n</svg>\n"
    )


def figure(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def text(x, y, words, font, anchor="start"):
    style = f"font:{font} system-ui, sans-serif" if " " in font else f"font-size:{font}"
    return f'<text x="{x:.1f}" y="{y}" style="{style}" text-anchor="{anchor}" fill="#202124">{html.escape(str(words))}</text>'
