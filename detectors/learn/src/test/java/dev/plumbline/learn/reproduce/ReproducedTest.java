package dev.plumbline.learn.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReproducedTest {
  private static final Claim CLAIM = Claims.all().get(0);

  @Test
  void claims_areTheFixedOnes_inTheirOrder() {
    List<String> ids =
        List.of(
            ("em-emerges em-coherent em-rank1 em-steering-vector directions-converge"
                    + " ablation-removes ablation-transfers random-control-inert steering-induces"
                    + " kl-narrow kl-reverts general-efficient general-stable general-significant"
                    + " detection-within-prompt weights-vs-answers probe-early probe-middle-layers"
                    + " mi-fit-compress mi-label-rises checkpoint-steering-helps"
                    + " checkpoint-beats-own ability-kept phase-transition")
                .split(" "));

    assertThat(Claims.all()).extracting(Claim::id).containsExactlyElementsOf(ids);
  }

  @Test
  void experiments_measureNoClaimTwice() {
    List<String> measured = new ArrayList<>();
    Experiments.all().forEach(experiment -> measured.addAll(experiment.claims()));

    assertThat(new HashSet<>(measured)).hasSameSizeAs(measured);
    assertThat(Claims.all()).extracting(Claim::id).containsAll(measured);
  }

  @Test
  void only_claimsThatReadAnothersDirections_runThatOneBefore() {
    assertThat(Experiments.of(Experiments.all(), List.of("steering-induces", "ability-kept")))
        .extracting(Experiment::name)
        .containsExactly("removal", "induction", "ability");
    assertThat(Experiments.of(Experiments.all(), List.of("probe-early")))
        .extracting(Experiment::name)
        .containsExactly("tracing");
    assertThat(Experiments.of(Experiments.all(), List.of())).hasSameSizeAs(Experiments.all());
  }

  @Test
  void seeds_oneAgainst_doesNotAgree() {
    Reproduced reproduced = new Reproduced(CLAIM, List.of(finding(0.8, true), finding(0.2, false)));

    assertThat(reproduced.agrees()).isFalse();
    assertThat(reproduced.verdict()).isEqualTo("does not agree (1 of 2)");
    assertThat(reproduced.figure()).isCloseTo(0.5, within(1e-12));
    assertThat(reproduced.low()).isCloseTo(0.1, within(1e-12));
    assertThat(reproduced.high()).isCloseTo(0.9, within(1e-12));
  }

  @Test
  void json_hasThePromisedForm() {
    JsonNode json = new Reproduced(CLAIM, List.of(finding(0.8, true))).json();

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("claim", "paper", "figure", "interval", "control", "agrees");
    assertThat(json.get("interval")).hasSize(2);
    assertThat(json.get("agrees").asBoolean()).isTrue();
  }

  @Test
  void json_ofAnUnmeasuredClaim_isNullAndNoAgreement() {
    Reproduced none = new Reproduced(CLAIM, List.of(Finding.unmeasured(CLAIM.id(), "no reason")));

    assertThat(none.json().get("figure").isNull()).isTrue();
    assertThat(none.json().get("agrees").asBoolean()).isFalse();
    assertThat(none.verdict()).isEqualTo("not measured");
  }

  @Test
  void finding_thatAgreesWithoutAFigure_isRefused() {
    assertThatThrownBy(() -> new Finding(CLAIM.id(), Double.NaN, 0, 1, 0, true, ""))
        .hasMessageContaining("does not agree");
  }

  @Test
  void report_saysWhichHoldAndWhichDoNot() {
    ReproductionReport report =
        new ReproductionReport(
            List.of(
                new Reproduced(CLAIM, List.of(finding(0.8, true))),
                new Reproduced(Claims.all().get(1), List.of(finding(0.2, false))),
                new Reproduced(
                    Claims.all().get(2), List.of(Finding.unmeasured("em-rank1", "left out")))),
            Map.of("seeds", "1"));

    assertThat(report.report().verdict())
        .contains("1 of 3 claims hold here")
        .contains("These do not: em-coherent.")
        .contains("Not measured: em-rank1.");
    assertThat(report.markdown()).contains("| `em-emerges` |").contains("0.800 [0.700 … 0.900]");
  }

  @Test
  void markdown_ofASeedAgainst_tellsWhatThatOneShowed() {
    Finding against = new Finding(CLAIM.id(), 0.2, 0.1, 0.3, 0, false, "it did not emerge");
    Reproduced reproduced = new Reproduced(CLAIM, List.of(finding(0.8, true), against));
    ReproductionReport report = new ReproductionReport(List.of(reproduced), Map.of("seeds", "2"));

    assertThat(report.markdown()).contains("run 2 of 2: it did not emerge");
  }

  private static Finding finding(double figure, boolean agrees) {
    return new Finding(CLAIM.id(), figure, figure - 0.1, figure + 0.1, 0, agrees, "seen");
  }
}
