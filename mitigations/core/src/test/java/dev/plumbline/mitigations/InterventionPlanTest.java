package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.Provenance;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.artefact.Sign;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.residual.TapPoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InterventionPlanTest {

  private static final Direction D = Direction.of(1, 2, 2);
  private final Artefact artefact = artefact(Writers.of(2));

  @Test
  void writers_ofTwoLayers_areEmbeddingAttentionAndFeedForward() {
    assertThat(Writers.of(2))
        .extracting(TapPoint::toString)
        .containsExactly("embed", "resid_mid.0", "resid_post.0", "resid_mid.1", "resid_post.1");
  }

  @Test
  void shared_direction_isAfterEveryWriterInForwardOrder() {
    InterventionPlan plan = InterventionPlan.shared(D, 2);
    assertThat(plan.interventions().keySet()).containsExactlyElementsOf(Writers.of(2));
    assertThat(plan.interventions().values()).containsOnly(DirectionalAblation.plain(D));
    assertThat(plan.range()).isEqualTo(TokenRange.ALL);
  }

  @Test
  void shared_withBaselines_usesEachTapPointsOwn() {
    InterventionPlan plan = InterventionPlan.shared(D, 2, point -> point.streamIndex(2));
    assertThat(plan.interventions())
        .containsEntry(TapPoint.residMid(1), DirectionalAblation.affine(D, 3));
  }

  @Test
  void perTapPoint_artefact_usesEachOwnDirectionAndMean() {
    for (TapPoint point : Writers.of(2)) {
      TapDirection tap = artefact.direction(point).orElseThrow();
      assertThat(InterventionPlan.perTapPoint(artefact).interventions())
          .containsEntry(point, DirectionalAblation.plain(tap.direction()));
      assertThat(InterventionPlan.perTapPointAffine(artefact).interventions())
          .containsEntry(
              point, DirectionalAblation.affine(tap.direction(), point.streamIndex(2) + 0.5));
    }
  }

  @Test
  void perTapPoint_whereNothingWasLearned_touchesOnlyWhatWas() {
    Artefact part = artefact(List.of(TapPoint.EMBED, TapPoint.residPost(0), TapPoint.residPost(1)));
    assertThat(InterventionPlan.perTapPoint(part).interventions().keySet())
        .containsExactly(TapPoint.EMBED, TapPoint.residPost(0), TapPoint.residPost(1));
    Artefact none = artefact(List.of(TapPoint.FINAL_NORM));
    assertThatThrownBy(() -> InterventionPlan.perTapPoint(none))
        .hasMessageContaining("a direction after at least one writer");
  }

  @Test
  void steered_atOnePoint_takesItsSpread() {
    InterventionPlan plan = InterventionPlan.steered(artefact, TapPoint.residPre(1), -3);
    Direction d = artefact.direction(TapPoint.residPost(0)).orElseThrow().direction();
    assertThat(plan.interventions())
        .isEqualTo(Map.of(TapPoint.residPost(0), new Steering(d, -3, 2)));
    assertThatThrownBy(() -> InterventionPlan.steered(artefact, TapPoint.FINAL_NORM, 1))
        .hasMessageContaining("a direction at final_norm");
  }

  @Test
  void profiled_artefact_takesEachWritersStrength() {
    AblationProfile profile = AblationProfile.of(new LayerKernel(1, 1, 0.25, 1));
    InterventionPlan plan = InterventionPlan.profiled(artefact, profile, true);
    assertThat(plan.interventions().keySet())
        .containsExactly(
            TapPoint.residMid(0),
            TapPoint.residPost(0),
            TapPoint.residMid(1),
            TapPoint.residPost(1));
    TapDirection tap = artefact.direction(TapPoint.residPost(0)).orElseThrow();
    assertThat(plan.interventions())
        .containsEntry(
            tap.tapPoint(), new DirectionalAblation(tap.direction(), 0.25, tap.alignedMean()));
  }

  @Test
  void spanned_artefacts_takeWhatEachHasThere() {
    Artefact embedOnly = artefact(List.of(TapPoint.EMBED));
    assertThatThrownBy(() -> InterventionPlan.spanned(List.of(artefact, embedOnly), 1, true))
        .hasMessageContaining("direction 1 of a subspace");
    InterventionPlan plan = InterventionPlan.spanned(List.of(artefact), 0.5, false);
    Direction d = artefact.direction(TapPoint.EMBED).orElseThrow().direction();
    assertThat(plan.interventions())
        .containsEntry(
            TapPoint.EMBED, new SubspaceAblation(Subspace.of(List.of(d)), 0.5, List.of(0.0)));
  }

  @Test
  void at_someLayersKeepingNorm_changesOnlyThose() {
    InterventionPlan plan =
        InterventionPlan.shared(D, 2).at(point -> point.layer() == 1).keepingNorm();
    assertThat(plan.interventions())
        .containsOnlyKeys(TapPoint.residMid(1), TapPoint.residPost(1))
        .containsEntry(TapPoint.residMid(1), new NormPreserving(DirectionalAblation.plain(D)));
    assertThatThrownBy(() -> plan.at(point -> point.layer() == 0))
        .hasMessageContaining("at least one of");
  }

  @Test
  void touches_rangeAndTapPoint_bothDecide() {
    InterventionPlan plan = InterventionPlan.shared(D, 2).over(new TokenRange(3, 5));
    assertThat(plan.touches(TapPoint.EMBED, 2)).isFalse();
    assertThat(plan.touches(TapPoint.EMBED, 3)).isTrue();
    assertThat(plan.touches(TapPoint.EMBED, 5)).isFalse();
    assertThat(plan.touches(TapPoint.FINAL_NORM, 3)).isFalse();
    assertThat(plan.expectedTokens(4)).isEqualTo(5);
    assertThat(plan.expectedTokens(100)).isEqualTo(10);
    assertThat(plan.expectedTokens(1)).isZero();
  }

  @Test
  void none_anywhere_touchesNothing() {
    assertThat(InterventionPlan.none().isEmpty()).isTrue();
    assertThat(InterventionPlan.none().touches(TapPoint.EMBED, 0)).isFalse();
    assertThat(InterventionPlan.none().expectedTokens(100)).isZero();
  }

  @Test
  void construction_residPreOrTwoWidths_isRefused() {
    DirectionalAblation plain = DirectionalAblation.plain(D);
    assertThatThrownBy(
            () -> new InterventionPlan(Map.of(TapPoint.residPre(1), plain), TokenRange.ALL))
        .hasMessageContaining("canonical");
    Map<TapPoint, Intervention> widths =
        Map.of(
            TapPoint.EMBED,
            plain,
            TapPoint.residMid(0),
            DirectionalAblation.plain(Direction.of(1)));
    assertThatThrownBy(() -> new InterventionPlan(widths, TokenRange.ALL))
        .hasMessageContaining("2 widths");
  }

  @Test
  void tokenRange_emptyOrNegative_isRefused() {
    assertThatThrownBy(() -> new TokenRange(3, 3)).hasMessageContaining("token range");
    assertThatThrownBy(() -> new TokenRange(-1, 3)).hasMessageContaining("token range");
    assertThat(TokenRange.from(4).contains(1_000_000)).isTrue();
    assertThat(TokenRange.from(4).contains(3)).isFalse();
  }

  /** L = 2, D = 3; the aligned mean at a tap point is its stream index and a half. */
  private static Artefact artefact(List<TapPoint> points) {
    return new Artefact(
        Artefact.FORMAT_VERSION,
        "em",
        Instant.EPOCH,
        new ModelPin("organism", "1", "llama", 2, 3, 100, "tok", "tmpl", "weights"),
        Set.of(),
        points.stream()
            .map(
                p ->
                    new TapDirection(
                        p,
                        RandomDirection.unit(3, p.toString().hashCode()),
                        p.streamIndex(2) + 0.5,
                        2))
            .toList(),
        new Probe(
            Readout.projection("em", TapPoint.EMBED, D),
            new RunningMean(),
            new OffsetScale(new double[] {0}, new double[] {1})),
        new Calibration(new Sigmoid(1, 0), 0.9, 0.9, 0.01, 1000, Checkpoints.EVERY_TOKEN),
        TokenMask.ANSWER_CONTENT,
        Sign.POSITIVE_IS_MISALIGNED,
        new Provenance("mean_difference", 1, "float32", "prompt", Map.of(), Map.of()),
        new Quality(Map.of(), Map.of()),
        Optional.empty());
  }
}
