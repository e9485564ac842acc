"""Every format renders the same report, and no text of a run gets out of it."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import pytest

from rundoctor.reports import Options, format_names, render
from rundoctor.reports.markdown import code, words
from rundoctor.screen import Look
from tests.reports import sample

REPORTS = [sample.report, sample.healthy, sample.undetermined]
STYLES = [Options(), Options(quiet=True), Options(verbose=True)]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def on_screen(width: int = 100, **options: bool) -> str:
    return render(sample.report(), "terminal", Options(look=Look(width=width), **options))


@pytest.mark.parametrize("name", format_names())
@pytest.mark.parametrize(("make", "options"), list(itertools.product(REPORTS, STYLES)))
def test_every_format_renders_every_report_without_raw_control_characters(name, make, options):
    text = render(make(), name, options)
    assert text.endswith("\n")
    assert all(char.isprintable() or char == "\n" for char in text)
    assert text == render(make(), name, options)


def test_the_formats_of_the_contract_are_there():
    assert {"terminal", "json", "markdown"} <= set(format_names())


# ---- json --------------------------------------------------------------------------------------------------------


def test_json_has_the_keys_of_the_contract_in_order():
    content = json.loads(render(sample.report(), "json"))
    keys = ["schema_version", "rundoctor", "verdict", "run", "causes", "symptoms", "hazards", "remarks", "skipped"]
    assert list(content) == [*keys, "clear", "patch", "notes"]
    assert list(content["run"]) == ["path", "format", "updates", "episodes", "inputs", "settings"]
    cause = content["causes"][0]
    assert {"rule", "rank", "severity", "confidence", "onset", "message", "evidence", "against"} <= set(cause)
    assert {"tied_with", "decide_by", "explains", "fixes"} <= set(cause)
    assert cause["evidence"][0] == {
        "claim": "value clip over the critic's error",
        "observed": 0.000464,
        "relation": "<",
        "limit": 0.1,
        "where": "config.yaml:212",
    }
    assert content["symptoms"][0]["explained_by"] == ["value-clip-too-tight"]
    assert content["remarks"] == [{"rule": "duplicate-key", "message": sample.HOSTILE, "where": "config.yaml:40"}]
    assert content["patch"]["edits"][0]["new"] is True


def test_json_writes_null_for_infinity_and_notes_it():
    content = json.loads(render(sample.report(), "json"), parse_constant=pytest.fail)
    kl = next(setting for setting in content["run"]["settings"] if setting["name"] == "target_kl")
    assert kl["value"] is None
    assert content["notes"] == ["run.settings[2].value is inf"]


def test_to_dict_of_each_value_is_its_part_of_the_report():
    report = sample.report()
    whole = report.to_dict()
    assert whole["run"].items() <= report.run.to_dict().items()
    assert whole["patch"].items() <= report.patch.to_dict().items()
    judged = report.diagnosis.to_dict()
    assert {key: whole[key] for key in judged if key != "notes"} == {k: judged[k] for k in judged if k != "notes"}


# ---- terminal ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("options", [{}, {"verbose": True}, {"quiet": True}])
def test_lines_fit_the_width_unless_they_are_to_be_copied(width, options):
    lines = on_screen(width, **options).splitlines()
    copied = ("rundoctor patch", "rundoctor explain", "normalize_returns:")
    assert all(len(line) <= width or any(part in line for part in copied) for line in lines)
    assert not any(line.endswith(" ") for line in lines)


def test_markup_in_names_and_values_is_shown_as_it_is():
    text = " ".join(on_screen(400).split())
    assert "runs/[red]x" in text
    assert "[bold red]mark[/]up" in text
    assert r"\x1b[31mred\x1b[0m\x07" in text


def test_color_adds_escapes_and_nothing_else():
    plain = on_screen()
    colored = render(sample.report(), "terminal", Options(look=Look(color=True)))
    assert "\x1b[" in colored
    stripped = "\n".join(line.rstrip() for line in ANSI.sub("", colored).splitlines())
    assert stripped == plain.rstrip("\n")


def test_a_terminal_without_block_characters_gets_ascii():
    text = render(sample.report(), "terminal", Options(look=Look(unicode=False)))
    assert text.isascii()
    assert "x SICK" in text


def test_the_verdict_comes_first_and_in_words():
    assert on_screen().startswith("✗ SICK  value-clip-too-tight or returns-not-normalized")


def test_explained_symptoms_fold_under_their_cause():
    text = on_screen()
    assert "explains   loss-explosion (from update 3 on)" in text
    assert "-  loss-explosion" not in text
    assert "-  reward-collapse" in text


def test_quiet_is_the_verdict_and_the_causes():
    lines = on_screen(quiet=True).splitlines()
    assert [line[:1] for line in lines] == ["✗", "", "1", "2"]


def test_skipped_rules_are_one_line_unless_verbose():
    assert "2 rules clear, 2 could not be judged (to judge more: log approx_kl per update)" in on_screen()
    assert "kl-blow-up" not in on_screen()
    assert "kl-blow-up" in on_screen(verbose=True)
    assert "discount-too-low, entropy-collapse" in on_screen(verbose=True)


def test_the_onset_is_marked_under_the_curves():
    lines = on_screen().splitlines()
    loss = next(line for line in lines if line.strip().startswith("loss"))
    mark = next(line for line in lines if "↑ from update 2 on" in line)
    assert mark.index("↑") - loss.index("▁") == 2


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_next_command_is_never_cut(width):
    report = sample.report()
    long = "runs/" + "x" * 150
    text = render(replace(report, run=replace(report.run, path=long)), "terminal", Options(look=Look(width=width)))
    assert f"   rundoctor explain {report.diagnosis.causes[0].rule}\n      what it is" in text
    assert f"   rundoctor patch {long}" in text


def test_the_next_command_quotes_the_path():
    assert "rundoctor patch 'runs/[red]x'" in on_screen()


def test_what_a_command_does_stands_under_it_where_it_does_not_fit_beside():
    beside = "rundoctor patch 'runs/[red]x'           print the change; --apply writes it"
    assert beside in on_screen(100)
    under = "   rundoctor patch 'runs/[red]x'\n      print the change; --apply writes it\n"
    assert under in on_screen(60)


def test_the_ends_of_a_curve_are_never_cut():
    for width in (60, 80):
        assert "6,460 → 56,130  ! not finite at 1 update\n" in on_screen(width)


def test_nothing_judged_does_not_read_as_health():
    text = render(sample.undetermined(), "terminal")
    assert text.startswith("? UNDETERMINED")
    assert "HEALTHY" not in text


# ---- markdown ----------------------------------------------------------------------------------------------------


def test_markdown_lets_no_html_table_or_mention_through():
    text = render(sample.report(), "markdown", Options(verbose=True))
    prose = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text.replace(r"\`", ""))
    assert "<script" not in prose
    assert "@you" not in prose
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}


@pytest.mark.parametrize("text", ["a", "`", "``a`", "a`b``c", "```"])
def test_a_code_span_keeps_backticks_inside(text):
    span = code(text)
    fence = re.match("`+", span).group()
    assert span.endswith(fence)
    assert fence not in span[len(fence) : -len(fence)].strip()


def test_a_line_cannot_begin_a_list_or_a_heading():
    assert words("# a") == r"\# a"
    assert words("- a") == r"\- a"
    assert words("1. a") == r"1\. a"
    assert words("0.25") == "0.25"
