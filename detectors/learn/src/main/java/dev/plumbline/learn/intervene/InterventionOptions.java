package dev.plumbline.learn.intervene;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.NotFittingException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** One intervention, or none: an artefact's ablation, or a push along it. */
public final class InterventionOptions {
  @Option(
      names = "--ablate",
      paramLabel = "NAME.direction",
      description = "Take this direction out after every writer, to its aligned mean.")
  private Path ablate;

  @Option(
      names = "--ablate-at",
      paramLabel = "POINT",
      description = {
        "With --ablate: this tap point's direction alone, to 0, after every writer of the model.",
        "That is what an adapter or a checkpoint of `export` does."
      })
  private String ablateAt;

  @Option(
      names = "--steer",
      paramLabel = "NAME.direction",
      description = "Push along this direction; with --steer-at and --steer-by.")
  private Path steer;

  @Option(
      names = "--steer-at",
      paramLabel = "POINT",
      description = "Tap point of the push, such as resid_post.8.")
  private String steerAt;

  @Option(
      names = "--steer-by",
      paramLabel = "K",
      description = "Standard deviations of the aligned projection; negative towards aligned.")
  private Double steerBy;

  @Option(
      names = "--from-token",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "First position that is touched (${DEFAULT-VALUE}); 1 spares the first token's sink.")
  private int fromToken;

  /** Whether one is named. */
  public boolean given() {
    return ablate != null || steer != null;
  }

  /**
   * What was chosen, checked against the model it is for.
   *
   * @throws NotFittingException if the artefact is for another model
   */
  public Optional<ChosenIntervention> choose(ModelPin pin) {
    Check.that(
        ablate == null || steer == null,
        "interventions",
        "--ablate or --steer",
        "both",
        "drop one");
    boolean whole =
        steer == null ? steerAt == null && steerBy == null : steerAt != null && steerBy != null;
    Check.that(
        whole, "--steer, --steer-at and --steer-by", "all of them or none", "some", "add the rest");
    Check.that(
        ablateAt == null || ablate != null, "--ablate-at", "--ablate beside it", "none", "add it");
    if (ablate != null) {
      Artefact artefact = read(ablate, pin);
      return Optional.of(ablateAt == null ? ablation(artefact) : shared(artefact));
    }
    return steer == null ? Optional.empty() : Optional.of(steering(read(steer, pin)));
  }

  private ChosenIntervention ablation(Artefact artefact) {
    return new ChosenIntervention(
        "ablated-" + artefact.name(),
        "direction "
            + artefact.name()
            + " taken out after every writer it has, from token "
            + fromToken,
        ranged(InterventionPlan.perTapPointAffine(artefact)));
  }

  private ChosenIntervention shared(Artefact artefact) {
    TapPoint at = TapPoint.parse(ablateAt);
    Direction direction =
        artefact
            .direction(at)
            .orElseThrow(
                () ->
                    Check.refusal(
                        "--ablate-at " + at,
                        "one of "
                            + artefact.directions().stream().map(TapDirection::tapPoint).toList(),
                        "none there",
                        "name one of them"))
            .direction();
    return new ChosenIntervention(
        "ablated-" + artefact.name() + "-" + at,
        "direction "
            + artefact.name()
            + " of "
            + at
            + " taken out to 0 after every writer, from token "
            + fromToken,
        ranged(InterventionPlan.shared(direction, artefact.model().layers())));
  }

  private ChosenIntervention steering(Artefact artefact) {
    return new ChosenIntervention(
        "steered-" + artefact.name(),
        "pushed by "
            + steerBy
            + " deviations along "
            + artefact.name()
            + " at "
            + steerAt
            + ", from token "
            + fromToken,
        ranged(InterventionPlan.steered(artefact, TapPoint.parse(steerAt), steerBy)));
  }

  private InterventionPlan ranged(InterventionPlan plan) {
    return fromToken == 0 ? plan : plan.over(TokenRange.from(fromToken));
  }

  private static Artefact read(Path folder, ModelPin pin) {
    Artefact artefact = ArtefactFolder.read(folder);
    if (artefact.fit(pin) instanceof Fit.Refused refused) {
      throw new NotFittingException(
          folder + " does not fit " + pin.id() + ": " + refused.explain());
    }
    return artefact;
  }
}
