"""The picture of the table: one line for each measure, one mark for each peer.

Takes the table's lines. Returns an SVG; the same lines give the same bytes.
"""

import math
import re
from xml.sax.saxutils import escape

WIDTH, LABEL, RIGHT, LINE, TOP = 960, 470, 30, 26, 92
#: Peers that stand in more than one line have a colour of their own, in the order in which the table names them.
COLOURS = ["#0b6bcb", "#b3410e", "#2f7d32", "#7a3fa0", "#a3791b"]
OTHER = "#6e7781"
TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
RATIO = re.compile(r"(?:^|, )(.+?) (\d+(?:\.\d+)?)(?=, |$)")


def rows(lines):
    """What each line of the table measures, with the peers and our value divided by theirs."""
    for line in lines:
        what, _, peers, _ = (cell.strip() for cell in line.strip("| ").split(" | "))
        ratios = [(name, float(ratio)) for name, ratio in RATIO.findall(peers)]
        # Of a rate more is better: it would stand on the wrong side.
        if ratios and not what.endswith("/s"):
            yield what.replace("`", ""), ratios


def draw(lines):
    """The SVG."""
    measures = list(rows(lines))
    colours = colour_of_each([name for _, ratios in measures for name, _ in ratios])
    values = [ratio for _, ratios in measures for _, ratio in ratios] + [1.0]
    low, high = math.log(min(values) * 0.85), math.log(max(values) * 1.15)
    height = TOP + LINE * len(measures) + 34
    bottom = height - 30

    def across(value):
        return LABEL + (math.log(value) - low) / (high - low) * (WIDTH - LABEL - RIGHT)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="12" fill="#1f2328">',
        "<title>Our value divided by that of other generators and clients; left of the line at 1 is ahead</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        '<text x="16" y="26" font-size="15" font-weight="bold">Ours ÷ peer’s: left of the line at 1, ours takes less</text>',
        *legend(colours),
    ]
    for tick in TICKS:
        if low <= math.log(tick) <= high:
            x, stroke = across(tick), "#1f2328" if tick == 1 else "#d8dee4"
            parts.append(f'<line x1="{x:.1f}" y1="{TOP - 16}" x2="{x:.1f}" y2="{bottom}" stroke="{stroke}"/>')
            parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{tick}</text>')
    for index, (what, ratios) in enumerate(measures):
        y = TOP + LINE * index
        parts.append(f'<text x="{LABEL - 16}" y="{y + 4}" text-anchor="end">{escape(what)}</text>')
        for name, ratio in ratios:
            told = f"<title>{escape(name)}: {ratio:g}</title>"
            fill = colours.get(family(name), OTHER)
            parts.append(f'<circle cx="{across(ratio):.1f}" cy="{y}" r="6" fill="{fill}" fill-opacity="0.8">{told}</circle>')
    return "\n".join([*parts, "</svg>", ""])


def family(name):
    """A peer without what was set about it."""
    return name.split(" ")[0].rstrip(",")


def colour_of_each(names):
    """Colours by family, for those that more than one line may have."""
    families = list(dict.fromkeys(family(name) for name in names))
    often = [one for one in families if sum(family(name) == one for name in names) > 2]
    return dict(zip(often, COLOURS))


def legend(colours):
    """Which colour is whose."""
    x = 16
    for name, colour in [*colours.items(), ("another peer", OTHER)]:
        yield f'<circle cx="{x + 6}" cy="48" r="6" fill="{colour}" fill-opacity="0.8"/>'
        yield f'<text x="{x + 17}" y="52">{escape(name)}</text>'
        x += 40 + 7 * len(name)
