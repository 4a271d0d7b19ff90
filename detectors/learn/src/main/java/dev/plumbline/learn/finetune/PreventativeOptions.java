package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.NotFittingException;
import dev.plumbline.torch.runtime.MlpVector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is added while training and never afterwards. */
final class PreventativeOptions {
  @Option(
      names = "--preventative",
      paramLabel = "DIR",
      description = {
        "A NAME.direction or steering folder, added in training alone, so that the finetune need"
            + " not learn it."
      })
  Path folder;

  @Option(
      names = "--preventative-layer",
      paramLabel = "N",
      description = "Which layer of a direction (the middle one); a steering folder names its own.")
  Integer layer;

  @Option(
      names = "--preventative-coefficient",
      defaultValue = "5",
      paramLabel = "X",
      description = {
        "Of a direction in standard deviations of its aligned projection; of a steering folder"
            + " times its vector (${DEFAULT-VALUE})."
      })
  double coefficient;

  /**
   * The vector, checked against the model it is for.
   *
   * @throws NotFittingException if the direction is another model's
   */
  Optional<MlpVector> vector(ModelPin pin) {
    Check.that(
        layer == null || (folder != null && !isSteering()),
        "--preventative-layer",
        "a direction to take it from",
        folder == null ? "no --preventative" : "a steering folder, which names its own layer",
        "leave --preventative-layer out");
    if (folder == null) {
      return Optional.empty();
    }
    Check.that(
        Double.isFinite(coefficient) && coefficient != 0,
        "--preventative-coefficient",
        "a finite number other than 0",
        coefficient,
        "leave --preventative out for none");
    return Optional.of(isSteering() ? ofSteering() : ofDirection(pin));
  }

  private boolean isSteering() {
    return Files.exists(folder.resolve("steering.json"));
  }

  private MlpVector ofSteering() {
    MlpVector vector = SteeringFolder.read(folder).vector();
    return new MlpVector(vector.layer(), coefficient * vector.scale(), vector.values());
  }

  private MlpVector ofDirection(ModelPin pin) {
    int at = layer == null ? pin.layers() / 2 : layer;
    Artefact artefact = ArtefactFolder.read(folder);
    if (artefact.fit(pin) instanceof Fit.Refused refused) {
      throw new NotFittingException(
          folder + " does not fit " + pin.id() + ": " + refused.explain());
    }
    TapDirection tap =
        artefact
            .direction(TapPoint.residPost(at))
            .orElseThrow(
                () ->
                    Check.refusal(
                        "--preventative " + folder,
                        "a direction at " + TapPoint.residPost(at),
                        "none",
                        "name another --preventative-layer"));
    return new MlpVector(at, coefficient * tap.alignedSpread(), tap.direction().components());
  }
}
