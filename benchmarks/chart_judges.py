"""Five other programs for process charts, each asked for one phase of one series.

A phase has `date`, `value`, `numerator` and `denominator`; every answer has a list for each column
that the program offers, in the order of the phase. `chart_agreement.py` and `chart_speed.py` name
their releases, which are no dependencies of the project.
"""

from collections.abc import Callable

import polars as pl

LINES = ("centre", "lower", "upper", "near_lower", "near_upper")
OF_COUNTS = ("p", "pp", "u", "up")
Answer = dict[str, list]


def controlchartspy(phase: pl.DataFrame, chart: str) -> Answer:
    """The engine of PowerBI-SPC; its shift and trend rules set to seven points, as ours."""
    from controlchartspy import spc

    of_counts = chart in OF_COUNTS
    data = {
        "date": phase["date"].to_list(),
        "y": phase["numerator" if of_counts else "value"].to_list(),
        "n": phase["denominator"].to_list(),
    }
    rows = spc(
        data=data,
        keys="date",
        numerators="y",
        denominators="n" if of_counts else None,
        spc_settings={
            "chart_type": chart,
            "outliers_in_limits": True,
            "perc_labels": "No",
        },
        outlier_settings={
            "astronomical": True,
            "shift": True,
            "trend": True,
            "two_in_three": True,
            "shift_n": 7,
            "trend_n": 7,
        },
        return_objs="limits",
    ).limits
    if chart == "run":
        return {"centre": [row["target"] for row in rows]}
    lines = dict(zip(LINES, ("target", "ll99", "ul99", "ll95", "ul95"), strict=True))
    flags = {
        "rule_outside": "astpoint",
        "rule_trend": "trend",
        "rule_two_of_three": "two_in_three",
        "rule_shift": "shift",
    }
    return {ours: [row.get(theirs) for row in rows] for ours, theirs in lines.items()} | {
        ours: [row[theirs] != "none" for row in rows] for ours, theirs in flags.items()
    }


def processbehavior(phase: pl.DataFrame, chart: str) -> Answer:
    """X charts only. Without `precision` it rounds every figure to three decimals."""
    import processbehavior as pb

    rows = phase.select(t=pl.int_range(pl.len()), y="value").to_pandas()
    study = pb.formulate(rows, response="y", time="t", factors=[], precision=15)
    made = study.execute(chart="X").get_chart("X")
    lines = {"centre": "center", "lower": "lpl", "upper": "upl"}
    return {ours: made[theirs].to_list() for ours, theirs in lines.items()} | {
        "rule_outside": (made["beyond_limits"] != 0).to_list()
    }


def shewhart(phase: pl.DataFrame, chart: str) -> Answer:
    """Individuals, attribute and Laney charts, with Nelson's rules; its runs of a run chart."""
    import shewhart as sw

    points = len(phase)
    y = phase["numerator" if chart in OF_COUNTS else "value"].to_numpy()
    if points < (4 if chart == "run" else 2):
        return {}  # it refuses so few
    if chart == "run":
        stats = sw.run_chart(y).stats
        runs = stats.get("runs_about_median")
        return {
            "centre": [stats["median"]] * points,
            "crossings": [None if runs is None else runs - 1] * points,
        }
    ask = {"p": sw.p_chart, "pp": sw.laney_p, "u": sw.u_chart, "up": sw.laney_u}
    if chart in ask:
        made = ask[chart](y, size=phase["denominator"].to_numpy())
    else:
        made = sw.imr(y) if chart == "i" else sw.c_chart(y)
    of = chart[0]

    def line(name: str) -> list:
        table = made.table
        return table[name].to_list() if name in table else [made.stats[f"{of}_{name}"]] * points

    def flag(rule: str) -> list:
        found = [s for s in made.signals if s.rule == rule and s.chart != "mr"]
        named = {point for signal in found for point in signal.points}
        return [point in named for point in range(points)]

    answer = {
        "centre": [made.stats[f"{of}_center"]] * points,
        "lower": line("lcl"),
        "upper": line("ucl"),
        "rule_outside": flag("nelson_1"),
    }
    return answer | ({"rule_two_of_three": flag("nelson_5")} if chart == "i" else {})


def pycontrolcharts(phase: pl.DataFrame, chart: str) -> Answer:
    """XmR, p, u and c charts; its shift and trend rules set to seven points, as ours."""
    import pycontrolcharts as pc

    rules = pc.RunTestConfig(test2_n=7, test3_n=7, test6=False)
    y = phase["numerator" if chart in OF_COUNTS else "value"].to_list()
    n = phase["denominator"].to_list()
    if chart == "p":
        made = pc.calc_p(y, sample_size=n, run_tests=rules)
    elif chart == "u":
        made = pc.calc_u(y, area=n, run_tests=rules)
    else:
        made = (pc.calc_xmr if chart == "i" else pc.calc_c)(y, run_tests=rules)
    lines = ("center_line", "lcl", "ucl", "sigma_2_lower", "sigma_2_upper")
    flags = {
        "rule_outside": (1, 2),
        "rule_shift": (3, 4),
        "rule_trend": (5, 6),
        "rule_two_of_three": (7, 8),
    }
    return {ours: made[theirs].to_list() for ours, theirs in zip(LINES, lines, strict=True)} | {
        ours: [any(one["type"] in kinds for one in found) for found in made["violations"]]
        for ours, kinds in flags.items()
    }


def qikit(phase: pl.DataFrame, chart: str) -> Answer:
    """All our charts, with Anhøj's runs. Moving ranges of individuals are always screened."""
    from qikit import qic

    of_counts = chart in OF_COUNTS
    made = qic(
        y=phase["numerator" if of_counts else "value"].to_numpy(),
        n=phase["denominator"].to_numpy() if of_counts else None,
        chart=chart,
        y_percent=False,
    )
    if chart == "run":
        runs = {"longest_run": "longest_run", "crossings": "n_crossings"}
        found = made.summary["run_signal"] or made.summary["crossings_signal"]
        counted = {ours: made.summary[theirs] for ours, theirs in runs.items()}
        every = {ours: [count] * len(phase) for ours, count in counted.items()}
        return every | {
            "centre": made.data["cl"].to_list(),
            "runs_signal": [bool(found)] * len(phase),
        }
    lines = ("cl", "lcl", "ucl", "lcl_95", "ucl_95")
    answer = {ours: made.data[theirs].to_list() for ours, theirs in zip(LINES, lines, strict=True)}
    return answer | {"rule_outside": made.data["sigma_signal"].to_list()}


JUDGES: dict[str, tuple[Callable[[pl.DataFrame, str], Answer], str]] = {
    "controlchartspy 0.1.3": (controlchartspy, "i p pp u up c g t run"),
    "processbehavior 0.4.0": (processbehavior, "i"),
    "shewhart 0.1.1": (shewhart, "i p pp u up c run"),
    "pycontrolcharts 0.1.2": (pycontrolcharts, "i p u c"),
    "clinical-qikit 0.5.0": (qikit, "i p pp u up c g t run"),
}
