"""How findings become a diagnosis: causes, hazards, ties, verdicts, and what is done with a rule that breaks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from rundoctor import diagnosis
from rundoctor.diagnosis import Found, diagnose, score
from rundoctor.errors import UnknownName
from rundoctor.model import Evidence, Finding, Kind, Rule, Run, Severity, Verdict
from tests.builders import check_finds, flat, learning, named, noise, not_learning, ramp, run

SYMPTOM = "no-learning"


def evidence(observed: float = 10.0, limit: float = 1.0) -> Evidence:
    return Evidence(claim="c", observed=observed, relation=">", limit=limit)


def rule_that(
    name: str, *findings: Finding, kind: Kind = Kind.CAUSE, explains: tuple[str, ...] = (SYMPTOM,), crash: bool = False
) -> Rule:
    def check() -> Iterator[Finding]:
        if crash:
            raise KeyError("inside the rule")
        yield from findings

    return Rule(
        name=name,
        kind=kind,
        severity=Severity.ERROR,
        doc=name,
        explains=explains if kind is Kind.CAUSE else (),
        needs=(),
        limits=None,
        check=check,
    )


def finding(*proofs: Evidence, binding: bool = True, against: tuple[str, ...] = ()) -> Finding:
    return Finding(message="m", evidence=proofs or (evidence(),), binding=binding, against=against)


symptom = rule_that(SYMPTOM, finding(), kind=Kind.SYMPTOM)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch):
    """Return a function that diagnoses a run with these rules alone."""

    def judge(*rules: Rule, on: Run | None = None) -> diagnosis.Diagnosis:
        monkeypatch.setattr(diagnosis, "all_rules", lambda: list(rules))
        return diagnose(on or run(loss=flat(1)))

    return judge


# ---- causes and hazards ----------------------------------------------------------------------------------------


def test_a_cause_stands_where_its_symptom_is(judged) -> None:
    result = judged(rule_that("weak", finding(binding=False)), symptom)
    assert [(cause.rule, cause.explains, cause.severity) for cause in result.causes] == [
        ("weak", (SYMPTOM,), Severity.ERROR)
    ]
    assert result.symptoms[0].explained_by == ("weak",)


def test_a_cause_whose_mechanism_shows_is_a_warning_without_a_symptom(judged) -> None:
    result = judged(rule_that("shown", finding(binding=True)))
    assert [(cause.rule, cause.severity) for cause in result.causes] == [("shown", Severity.WARNING)]


def test_a_misconfiguration_without_damage_is_a_hazard(judged) -> None:
    result = judged(rule_that("harmless", finding(binding=False)))
    assert (result.causes, [hazard.rule for hazard in result.hazards]) == ((), ["harmless"])
    assert result.hazards[0].rank is None


def test_another_symptom_does_not_make_it_a_cause(judged) -> None:
    result = judged(rule_that("elsewhere", finding(binding=False), explains=("kl-blow-up",)), symptom)
    assert [hazard.rule for hazard in result.hazards] == ["elsewhere"]


def test_a_run_at_its_ceiling_turns_causes_into_hazards() -> None:
    short = {"gamma": 0.3, "max_episode_steps": 400}
    at_ceiling = learning(short, episode_length=np.minimum(ramp(20, 800), 400))
    short_of_it = learning(short, episode_length=ramp(20, 200))
    assert check_finds("discount-too-low", at_ceiling).rank is None
    assert check_finds("discount-too-low", short_of_it).rank == 1


# ---- ranking ---------------------------------------------------------------------------------------------------


def test_strength_doubt_and_coverage_make_the_score() -> None:
    found = Found(rule_that("r"), finding(evidence(10, 1), evidence(10, 1), against=("doubt",)))
    assert evidence(10, 1).strength == 0.75
    assert score(found, set()) == pytest.approx(0.75 * 0.6)
    assert score(found, {SYMPTOM, "another"}) == pytest.approx(0.75 * 0.6 * 0.75)
    assert score(found, {"another"}) == pytest.approx(0.75 * 0.6 * 0.5)


def test_stronger_evidence_stands_first(judged) -> None:
    result = judged(rule_that("a-weak", finding(evidence(2))), rule_that("b-strong", finding(evidence(50))))
    assert [(cause.rule, cause.rank, cause.tied_with) for cause in result.causes] == [
        ("b-strong", 1, ()),
        ("a-weak", 2, ()),
    ]


def test_what_speaks_against_a_cause_puts_it_back(judged) -> None:
    doubted = rule_that("a", finding(evidence(50), against=("doubt",)))
    assert [cause.rule for cause in judged(doubted, rule_that("b", finding(evidence(5)))).causes] == ["b", "a"]


def test_equal_causes_of_one_symptom_are_tied(judged) -> None:
    result = judged(rule_that("b", finding()), rule_that("a", finding()))
    assert [(cause.rule, cause.tied_with) for cause in result.causes] == [("a", ("b",)), ("b", ("a",))]


def test_equal_causes_of_different_symptoms_are_not_tied(judged) -> None:
    result = judged(rule_that("a", finding()), rule_that("b", finding(), explains=("kl-blow-up",)))
    assert [cause.tied_with for cause in result.causes] == [(), ()]


def test_two_findings_of_one_rule_are_not_tied_with_each_other(judged) -> None:
    result = judged(rule_that("a", finding(), finding()))
    assert [cause.tied_with for cause in result.causes] == [(), ()]


def test_numbers_that_are_none_stand_before_all_others(judged) -> None:
    broken = rule_that("non-finite-update", finding(evidence(1.1)), explains=())
    strong = rule_that("a", finding(evidence(1e9), evidence(1e9)))
    assert [cause.rule for cause in judged(strong, broken).causes] == ["non-finite-update", "a"]


def test_a_cause_names_its_fixes() -> None:
    found = check_finds("discount-too-low", not_learning({"gamma": 0.3}))
    assert found.fixes == ("raise-discount",)


def test_a_hazard_names_its_fixes() -> None:
    found = check_finds("learning-rate-too-high", learning({"learning_rate": 6e-3}))
    assert (found.rank, found.fixes[0]) == (None, "lower-learning-rate")


# ---- verdicts --------------------------------------------------------------------------------------------------


clear_symptom = rule_that(SYMPTOM, kind=Kind.SYMPTOM)


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([rule_that("cause", finding()), symptom], Verdict.SICK),
        ([symptom], Verdict.SICK_CAUSE_UNKNOWN),
        ([rule_that("harmless", finding(binding=False)), clear_symptom], Verdict.HAZARD),
        ([clear_symptom], Verdict.HEALTHY),
        ([rule_that("remark", finding(), kind=Kind.REMARK), clear_symptom], Verdict.HEALTHY),
        ([rule_that("cause")], Verdict.UNDETERMINED),
        ([rule_that("harmless", finding(binding=False))], Verdict.HAZARD),
    ],
)
def test_the_verdict_says_the_worst_that_is_known(judged, rules: list[Rule], verdict: Verdict) -> None:
    assert judged(*rules).verdict is verdict


def test_a_config_without_a_log_is_not_healthy() -> None:
    assert diagnose(run({"learning_rate": 3e-4})).verdict is Verdict.UNDETERMINED


def test_a_healthy_run_has_nothing() -> None:
    result = diagnose(learning())
    assert result.verdict is Verdict.HEALTHY
    assert result.causes + result.symptoms + result.hazards + result.remarks == ()
    assert "no-learning" in result.clear


# ---- rules that cannot be judged -------------------------------------------------------------------------------


def test_a_rule_that_breaks_is_named_and_the_others_still_run(judged) -> None:
    result = judged(rule_that("broken", crash=True), rule_that("sound", finding()))
    assert [cause.rule for cause in result.causes] == ["sound"]
    (skipped,) = result.skipped
    assert (skipped.rule, skipped.reason) == ("broken", "the rule failed: KeyError: 'inside the rule'")
    assert "broken" not in result.clear


def test_a_rule_without_its_facts_is_skipped_with_what_to_log() -> None:
    result = diagnose(run(reward_mean=ramp(0, 100)))
    skipped = next(skip for skip in result.skipped if skip.rule == "kl-blow-up")
    assert (skipped.reason, skipped.enable) == ("approx_kl is not logged", "log approx_kl per update")


def test_every_rule_is_found_clear_or_skipped() -> None:
    result = diagnose(not_learning({"gamma": 0.3, "n_epochs": 100}))
    groups = result.causes, result.symptoms, result.hazards, result.remarks, result.skipped
    named_ones = [found.rule for group in groups for found in group] + list(result.clear)
    assert sorted(set(named_ones)) == sorted(rule.name for rule in diagnosis.all_rules())


# ---- what the user may choose ----------------------------------------------------------------------------------


def test_only_selected_rules_run() -> None:
    result = diagnose(learning(), select=["no-learning", "kl-blow-up"], ignore=["kl-blow-up"])
    assert (result.clear, result.skipped) == (("no-learning",), ())


@pytest.mark.parametrize(
    "unknown",
    [
        {"select": ["nonsense"]},
        {"ignore": ["nonsense"]},
        {"limits": {"nonsense.tight": 1.0}},
        {"limits": {"value-clip-too-tight.nonsense": 1.0}},
        {"limits": {"value-clip-too-tight": 1.0}},
        {"limits": {"component-dead.tight": 1.0}},
    ],
)
def test_an_unknown_name_is_refused(unknown: dict) -> None:
    with pytest.raises(UnknownName):
        diagnose(run(), **unknown)


def test_a_limit_can_be_replaced() -> None:
    sick = not_learning(approx_kl=flat(0.08))
    assert named(diagnose(sick), "kl-blow-up") is None
    found = named(diagnose(sick, limits={"kl-blow-up.times": 1.0}), "kl-blow-up")
    assert found is not None
    assert found.evidence[0].limit == 0.05
    assert named(diagnose(sick), "kl-blow-up") is None  # the rule itself is unchanged


# ---- one fault, one finding ------------------------------------------------------------------------------------


def test_a_contradiction_is_evidence_of_the_rule_about_that_setting() -> None:
    result = diagnose(not_learning({"learning_rate": 3e-4}, learning_rate=flat(0.1), approx_kl=flat(0.5)))
    assert named(result, "config-contradicted-by-log") is None
    high = named(result, "learning-rate-too-high")
    assert high is not None
    assert any("the config says 0.0003" in proof.claim for proof in high.evidence)


def test_a_contradiction_that_no_other_rule_speaks_of_stands_alone() -> None:
    result = diagnose(not_learning({"learning_rate": 3e-4}, learning_rate=flat(1e-4), approx_kl=flat(0.01)))
    assert named(result, "config-contradicted-by-log") is not None


def test_two_contradictions_do_not_hide_each_other() -> None:
    sick = not_learning({"clip_range": 0.2, "ent_coef": 0.01}, clip_range=flat(0.1), ent_coef=flat(0.05))
    found = [one for one in diagnose(sick).causes if one.rule == "config-contradicted-by-log"]
    assert sorted(one.evidence[0].claim.split()[0] for one in found) == ["clip_range", "ent_coef"]


def test_noise_in_the_reward_is_no_symptom() -> None:
    assert diagnose(learning(reward_mean=ramp(20, 400) + noise(15.0))).symptoms == ()


# ---- how near is tied ------------------------------------------------------------------------------------------


def test_causes_that_differ_by_less_than_the_tie_are_tied(judged) -> None:
    first, second = rule_that("a", finding(evidence(10.0))), rule_that("b", finding(evidence(9.5)))
    points = [score(Found(one, next(iter(one.check()))), {SYMPTOM}) for one in (first, second)]
    assert 0 < points[0] - points[1] < diagnosis.TIE
    result = judged(first, second, symptom)
    assert [(cause.rule, cause.rank, cause.tied_with) for cause in result.causes] == [
        ("a", 1, ("b",)),
        ("b", 2, ("a",)),
    ]


def test_causes_that_differ_by_more_than_the_tie_are_not(judged) -> None:
    first, second = rule_that("a", finding(evidence(10.0))), rule_that("b", finding(evidence(4.0)))
    points = [score(Found(one, next(iter(one.check()))), {SYMPTOM}) for one in (first, second)]
    assert diagnosis.TIE < points[0] - points[1] < 0.2
    assert [cause.tied_with for cause in judged(first, second, symptom).causes] == [(), ()]
