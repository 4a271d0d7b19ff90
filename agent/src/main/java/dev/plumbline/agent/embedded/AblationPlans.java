package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.Ablation;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.AblateThenAdd;
import dev.plumbline.mitigations.AblationProfile;
import dev.plumbline.mitigations.AlignedProjections;
import dev.plumbline.mitigations.Capping;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.LayerKernel;
import dev.plumbline.mitigations.TokenRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Makes the configured intervention of a direction. One thread. */
final class AblationPlans {
  private final Ablation asked;
  private final Map<String, Direction> beside;
  private final Function<Artefact, AlignedTexts> texts;

  /**
   * @param beside directions that may be taken out together with one
   * @param texts what aligned texts look like along an artefact; asked where a percentile is
   */
  AblationPlans(
      Ablation asked, Map<String, Direction> beside, Function<Artefact, AlignedTexts> texts) {
    this.asked = asked;
    this.beside = beside;
    this.texts = texts;
  }

  /**
   * The plan of a direction.
   *
   * @param alone a control: never together with others
   * @throws CommandFailure {@link ExitCode#NOT_FITTING} where the direction does not allow it
   */
  Ablating of(Direction direction, boolean alone) {
    try {
      AlignedTexts aligned =
          asked.percentiles() ? texts.apply(direction.artefact()) : AlignedTexts.none();
      InterventionPlan plan = plan(direction.artefact(), alone, aligned);
      plan = asked.fromToken() > 0 ? plan.over(TokenRange.from(asked.fromToken())) : plan;
      plan = asked.keepsNorm() ? plan.keepingNorm() : plan;
      return new Ablating(
          plan, says(direction.artefact(), alone, plan, aligned), named(direction, alone));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.NOT_FITTING, "ablate." + asked.kind().wireName() + ": " + e.getMessage(), e);
    }
  }

  private Map<String, Ablating> named(Direction direction, boolean alone) {
    Map<String, Ablating> named = new TreeMap<>();
    asked
        .named()
        .forEach(
            (name, one) ->
                named.put(name, new AblationPlans(one, beside, texts).of(direction, alone)));
    return named;
  }

  private InterventionPlan plan(Artefact artefact, boolean alone, AlignedTexts aligned) {
    requireLayers(artefact);
    if (asked.kind() == Ablation.Kind.STEER) {
      TapPoint at = TapPoint.residPost(asked.layers().get(0));
      return InterventionPlan.steered(artefact, at, asked.coefficient().orElseThrow());
    }
    if (!alone && !asked.with().isEmpty()) {
      return InterventionPlan.spanned(all(artefact), asked.strength(), affine()).at(this::wanted);
    }
    if (!asked.profile().isEmpty()) {
      AblationProfile profile = AblationProfile.of(kernel());
      return InterventionPlan.profiled(artefact, profile, affine()).at(this::wanted);
    }
    return InterventionPlan.perWriter(artefact, this::wanted, tap -> intervention(tap, aligned));
  }

  /** One that the model lacks would be left out without a word. */
  private void requireLayers(Artefact artefact) {
    TreeSet<Integer> missing = new TreeSet<>(asked.layers());
    missing.removeIf(layer -> layer < artefact.model().layers());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "layers: wanted numbers below "
              + artefact.model().layers()
              + ", found "
              + missing
              + "; correct ablate.layers");
    }
  }

  private boolean wanted(TapPoint point) {
    return asked.layers().isEmpty() || asked.layers().contains(point.layer());
  }

  private boolean affine() {
    return asked.kind() == Ablation.Kind.AFFINE;
  }

  private List<Artefact> all(Artefact artefact) {
    List<Artefact> all = new ArrayList<>(List.of(artefact));
    for (String name : asked.with()) {
      Direction other = beside.get(name);
      if (!other.fit().mayEnforce()) {
        throw new IllegalArgumentException(
            "direction "
                + name
                + ": wanted one that fits these weights, found one that does not: "
                + other.fit().explain()
                + "; calibrate it on this model, or leave it out of ablate.with");
      }
      all.add(other.artefact());
    }
    return all;
  }

  private LayerKernel kernel() {
    List<Double> k = asked.profile();
    return new LayerKernel(k.get(0), k.get(1), k.get(2), k.get(3));
  }

  private Intervention intervention(TapDirection tap, AlignedTexts aligned) {
    return switch (asked.kind()) {
      case CAP ->
          new Capping(
              tap.direction(),
              asked.floor().map(at -> limit(at, tap, aligned)).orElse(Double.NEGATIVE_INFINITY),
              asked.ceiling().map(at -> limit(at, tap, aligned)).orElse(Double.POSITIVE_INFINITY));
      case SET ->
          new AblateThenAdd(
              tap.direction(),
              tap.alignedMean(),
              asked.coefficient().orElseThrow(),
              tap.alignedSpread());
      default ->
          new DirectionalAblation(
              tap.direction(), asked.strength(), affine() ? tap.alignedMean() : 0);
    };
  }

  private static double limit(Ablation.Limit limit, TapDirection tap, AlignedTexts aligned) {
    AlignedProjections projections = aligned.along(tap);
    return limit.percentile()
        ? projections.quantile(limit.value() / 100)
        : tap.alignedMean() + limit.value() * tap.alignedSpread();
  }

  private String says(
      Artefact artefact, boolean alone, InterventionPlan plan, AlignedTexts aligned) {
    List<String> parts = new ArrayList<>();
    parts.add(asked.kind().wireName() + " " + artefact.name());
    if (!alone) {
      asked.with().forEach(name -> parts.add("with " + name));
    }
    if (asked.kind().removes() && asked.profile().isEmpty()) {
      parts.add("strength " + asked.strength());
    }
    if (!asked.profile().isEmpty()) {
      parts.add("profile " + asked.profile());
    }
    asked.coefficient().ifPresent(k -> parts.add("coefficient " + k + " sd"));
    limit("floor", asked.floor(), parts);
    limit("ceiling", asked.ceiling(), parts);
    if (asked.percentiles()) {
      parts.add(aligned.says());
    }
    parts.add("at " + plan.interventions().size() + " tap points");
    if (asked.fromToken() > 0) {
      parts.add("from token " + asked.fromToken());
    }
    if (asked.keepsNorm()) {
      parts.add("norm kept");
    }
    return String.join(", ", parts);
  }

  private static void limit(String name, Optional<Ablation.Limit> limit, List<String> parts) {
    limit.ifPresent(at -> parts.add(name + " " + at));
  }
}
