"""Draws process charts of any series as a picture: SVG, PNG or HTML on white."""

from collections.abc import Mapping
from io import BytesIO, StringIO
from pathlib import Path

import altair as alt
import polars as pl

from pipelines import typography
from pipelines.reading.tidy_cells import Unusable

SMALL = typography.SIZES["small"]
MOST = 20  # series in one picture
INK, GREY, PALE, RED = "#212b32", "#4c6272", "#768692", "#d5281b"
OF_A_SUM = " Drawn is the running sum, in events; the dashed line is its threshold."
KINDS = {  # shape, fill, outline: no kind differs by colour alone
    "Usual variation": ("circle", "#768692", "#4c6272"),
    "Improvement (higher)": ("triangle-up", "#00b0f0", "#003087"),
    "Improvement (lower)": ("triangle-down", "#00b0f0", "#003087"),
    "Concern": ("square", "#e46c0a", "#7a3300"),
    "Changed, neither better nor worse": ("diamond", "#490092", "#490092"),
    "Not judged": ("circle", "#ffffff", "#4c6272"),
}


def picture(
    points: pl.DataFrame, signals: pl.DataFrame, targets: Mapping[str, float], path: Path
) -> bytes:
    """The series one below another, as the content of a file whose ending says what it is."""
    if len(signals) > MOST:
        raise Unusable(
            f"--plot draws at most {MOST} series and the file has {len(signals)}: "
            "keep fewer series, or leave out --plot."
        )
    typography.use_in_pictures()
    chart = drawn(points, signals, targets)
    if path.suffix.lower() == ".png":
        pixels = BytesIO()
        chart.save(pixels, format="png", scale_factor=2)
        return pixels.getvalue()
    text = StringIO()
    if path.suffix.lower() == ".html":
        chart.save(text, format="html", inline=True)
    else:
        chart.save(text, format="svg")
    return text.getvalue().encode()


def drawn(
    points: pl.DataFrame, signals: pl.DataFrame, targets: Mapping[str, float]
) -> alt.VConcatChart:
    """All series as one chart, each titled with the sentence about its latest point."""
    parts = [
        _process_chart(
            points.filter(pl.col("series") == now["series"]), now, targets.get(now["series"])
        )
        for now in signals.iter_rows(named=True)
    ]
    return (
        alt.vconcat(*parts, background="white")
        .configure(font=typography.FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=SMALL,
            titleFontSize=SMALL,
            labelColor=INK,
            titleColor=INK,
            gridColor="#d8dde0",
        )
        .configure_title(
            fontSize=typography.SIZES["text"], color=INK, anchor="start", subtitleColor=GREY
        )
        .configure_legend(labelFontSize=SMALL, symbolSize=120)
    )


def _process_chart(
    points: pl.DataFrame, now: dict[str, object], target: float | None
) -> alt.LayerChart:
    if now["chart"] == "cusum":
        note = OF_A_SUM
    else:
        points, note = _within_the_possible(points)
    rows = points.with_columns(_name().alias("Point")).to_dicts()
    for row in rows:
        row["date"] = row["date"].isoformat()
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "date:T",
            title=None,
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(format="%b %Y", labelAngle=0, grid=False),
        )
    )
    phase = alt.Detail("phase:N")
    value = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False))
    gaps = {"invalid": "break-paths-show-domains"}
    limit = {"color": GREY, "strokeDash": [6, 4], "strokeWidth": 1.5, **gaps}
    seen = [
        name for name in KINDS if name in {row["Point"] for row in rows if row["value"] is not None}
    ]
    looks = [KINDS[name] for name in seen]
    layers = [
        base.mark_line(**limit).encode(y="lower:Q", detail=phase),
        base.mark_line(**limit).encode(y="upper:Q", detail=phase),
        base.mark_line(color=INK, strokeWidth=1.5, **gaps).encode(y="centre:Q", detail=phase),
        base.mark_line(color=PALE, strokeWidth=1.5, **gaps).encode(y=value, detail=phase),
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, size=80, opacity=1, strokeWidth=1.5)
        .encode(
            y=value,
            shape=_scaled("shape", seen, [look[0] for look in looks]),
            fill=_scaled("fill", seen, [look[1] for look in looks]),
            stroke=_scaled("stroke", seen, [look[2] for look in looks]),
            tooltip=["date:T", "value:Q", "Point:N"],
        ),
    ]
    if target is not None:
        layers.append(
            alt.Chart(alt.Data(values=[{"target": target}]))
            .mark_rule(color=RED, strokeDash=[2, 3], strokeWidth=1.5)
            .encode(y="target:Q")
        )
    title = alt.TitleParams(
        f"{now['series']}: {now['sentence']}", subtitle=f"{now['reason']}{note}"
    )
    return alt.layer(*layers).properties(width=760, height=280, title=title)


def _name() -> pl.Expr:
    kind = pl.col("kind")
    better = pl.when("high").then(pl.lit("higher")).otherwise(pl.lit("lower"))
    return (
        pl.when(kind == "common")
        .then(pl.lit("Usual variation"))
        .when(kind == "improvement")
        .then(pl.format("Improvement ({})", better))
        .when(kind == "concern")
        .then(pl.lit("Concern"))
        .when(kind.is_not_null())
        .then(pl.lit("Changed, neither better nor worse"))
        .otherwise(pl.lit("Not judged"))
    )


def _within_the_possible(points: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Clip the limits of proportions to 0 and 1 for drawing, with a note if that changes any."""
    share = (points["numerator"] <= points["denominator"]).all() and (points["value"] <= 1).all()
    if points["denominator"].is_null().all() or not share:
        return points, ""
    clipped = points.with_columns(pl.col("lower", "upper").clip(0.0, 1.0))
    if clipped.equals(points):
        return points, ""
    return clipped, " Limits beyond 0 or 1 are drawn there."


_CHANNELS = {"shape": alt.Shape, "fill": alt.Fill, "stroke": alt.Stroke}


def _scaled(channel: str, names: list[str], looks: list[str]) -> object:
    legend = alt.Legend(title=None, orient="bottom")
    scale = alt.Scale(domain=names, range=looks)
    return _CHANNELS[channel]("Point:N", scale=scale, legend=legend)
