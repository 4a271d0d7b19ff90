package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.artefact.ArtefactFolder;
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

  Optional<MlpVector> vector(int layers) {
    if (folder == null) {
      return Optional.empty();
    }
    Check.that(
        Double.isFinite(coefficient) && coefficient != 0,
        "--preventative-coefficient",
        "a finite number other than 0",
        coefficient,
        "leave --preventative out for none");
    return Optional.of(
        Files.exists(folder.resolve("steering.json")) ? ofSteering() : ofDirection(layers / 2));
  }

  private MlpVector ofSteering() {
    MlpVector vector = SteeringFolder.read(folder).vector();
    return new MlpVector(vector.layer(), coefficient * vector.scale(), vector.values());
  }

  private MlpVector ofDirection(int middle) {
    int at = layer == null ? middle : layer;
    TapDirection tap =
        ArtefactFolder.read(folder)
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
