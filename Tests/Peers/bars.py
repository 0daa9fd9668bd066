"""Bar charts as SVG: groups of horizontal bars on a logarithmic or a linear scale.

A chart lies on a panel of its own, light or dark as the reader prefers, so that it reads on any page. It needs no
font, script or picture from anywhere. Needs nothing but the standard library.
"""

import math
from xml.sax.saxutils import escape

# Ours, ours again, and three others.
LIGHT = ("#0550ae", "#54aeff", "#cf222e", "#bf8700", "#8250df")
DARK = ("#58a6ff", "#1f5fad", "#ff7b72", "#e3b341", "#bc8cff")
PANEL = {"light": ("#ffffff", "#1f2328", "#59636e", "#d8dee4"), "dark": ("#0d1117", "#e6edf3", "#9198a1", "#30363d")}

BAR, GAP, BETWEEN = 8, 1, 9
PLOT, VALUES, MARGIN = 430, 100, 14
CHARACTER = 6.1


class Chart:
    """`groups` are pairs of a label and one bar per series: a number, a number with a text, or None.

    A number of infinity is a bar to the end, which needs a text. `colours` are places in LIGHT and DARK.
    """

    def __init__(self, title, note, description, series, groups, logarithmic, unit, colours, mark=None):
        self.title, self.note, self.description = title, note, description
        self.series, self.groups, self.colours = series, groups, colours
        self.logarithmic, self.unit, self.mark = logarithmic, unit, mark
        numbers = [_bar(bar)[0] for _, bars in groups for bar in bars if bar is not None]
        finite = [number for number in numbers if math.isfinite(number) and number > 0] or [1]
        if logarithmic:
            self.low, self.high = 10 ** math.floor(math.log10(min(finite) / 1.2)), max(finite)
        else:
            self.low, self.high = 0, max(finite + ([mark] if mark else []))
        self.left = MARGIN + 10 + CHARACTER * max(len(label) for label, _ in groups)
        self.top = 78 if len(note) else 62

    def svg(self):
        step = len(self.series) * (BAR + GAP) + BETWEEN
        bottom = self.top + len(self.groups) * step
        width, height = round(self.left + PLOT + VALUES), bottom + 34
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img" aria-labelledby="title description">',
            f'<title id="title">{escape(self.title)}</title>',
            f'<desc id="description">{escape(self.description)}</desc>',
            f"<style>{self._style()}</style>",
            f'<rect class="panel" width="{width}" height="{height}" rx="6"/>',
            f'<text class="title" x="{MARGIN}" y="24">{escape(self.title)}</text>',
            f'<text class="dim" x="{MARGIN}" y="42">{escape(self.note)}</text>' if self.note else "",
            self._legend(), self._grid(bottom),
        ]
        for number, (label, bars) in enumerate(self.groups):
            parts.append(self._group(label, bars, self.top + number * step))
        return "\n".join(part for part in parts if part) + "\n</svg>\n"

    @staticmethod
    def text(bar):
        """What is written beside a bar."""
        return _bar(bar)[1]

    def _style(self):
        def scheme(name, palette):
            panel, text, dim, grid = PANEL[name]
            bars = "".join(f".b{place}{{fill:{palette[colour]}}}" for place, colour in enumerate(self.colours))
            return (f".panel{{fill:{panel};stroke:{grid}}}text{{fill:{text}}}.dim{{fill:{dim}}}"
                    f".grid{{stroke:{grid}}}.mark{{stroke:{dim}}}{bars}")

        return ("text{font:11px system-ui,-apple-system,'Segoe UI',sans-serif}.title{font-size:14px;font-weight:600}"
                ".value{font-size:9px}" + scheme("light", LIGHT)
                + "@media (prefers-color-scheme:dark){" + scheme("dark", DARK) + "}")

    def _legend(self):
        parts, x, y = [], MARGIN, self.top - 16
        for place, name in enumerate(self.series):
            parts.append(f'<rect class="b{place}" x="{x:.0f}" y="{y - 9}" width="9" height="9"/>'
                         f'<text x="{x + 13:.0f}" y="{y}">{escape(name)}</text>')
            x += 30 + CHARACTER * len(name)
        return "".join(parts)

    def _grid(self, bottom):
        parts = []
        for tick in self._ticks():
            x = self._x(tick)
            kind = "mark" if tick == self.mark else "grid"
            parts.append(f'<path class="{kind}" d="M{x:.1f} {self.top - 6}V{bottom}"/>'
                         f'<text class="dim" x="{x:.1f}" y="{bottom + 14}" text-anchor="middle">{number(tick)}</text>')
        parts.append(f'<text class="dim" x="{self.left}" y="{bottom + 28}">{escape(self.unit)}</text>')
        return "".join(parts)

    def _ticks(self):
        if not self.logarithmic:
            size = 10 ** math.floor(math.log10(self.high))
            size = next(s for s in (size / 4, size / 2, size) if self.high / s <= 6)
            return [size * place for place in range(int(self.high / size * 1.0001) + 1)]
        decades = range(round(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
        return [10.0**decade for decade in decades]

    def _x(self, value):
        if not math.isfinite(value):
            return self.left + PLOT
        if self.logarithmic:
            value = max(value, self.low)
            share = math.log(value / self.low) / (math.log(self.high / self.low) or 1)
        else:
            share = value / self.high
        return self.left + share * PLOT

    def _group(self, label, bars, y):
        middle = y + len(bars) * (BAR + GAP) / 2 + 3.5
        parts = [f'<text x="{self.left - 8:.0f}" y="{middle:.1f}" text-anchor="end">{escape(label)}</text>']
        for place, bar in enumerate(bars):
            if bar is None:
                continue
            value, text = _bar(bar)
            top, end = y + place * (BAR + GAP), self._x(value)
            parts.append(
                f'<rect class="b{place}" x="{self.left:.0f}" y="{top}" width="{max(1, end - self.left):.1f}" '
                f'height="{BAR}"/><text class="value dim" x="{end + 3:.1f}" y="{top + BAR}">{escape(text)}</text>')
        return "".join(parts)


def _bar(bar):
    """A bar's length and its text."""
    return bar if isinstance(bar, tuple) else (bar, number(bar))


def number(value):
    """Three significant digits, for a reader."""
    if value == 0:
        return "0"
    if abs(value) >= 1e5:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    digits = 2 - math.floor(math.log10(abs(value)))
    text = f"{round(value, digits):.{max(0, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
