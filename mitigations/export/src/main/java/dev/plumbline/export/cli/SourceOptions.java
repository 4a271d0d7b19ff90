package dev.plumbline.export.cli;

import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.MergedBase;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is taken out of what, and where the result goes; for both commands. */
final class SourceOptions {
  @Option(
      names = "--direction",
      required = true,
      paramLabel = "DIR",
      description = "The artefact: a folder NAME.direction.")
  Path direction;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The base: a Hugging Face folder, or (for adapters) a GGUF file.")
  Path model;

  @Option(
      names = "--adapter",
      paramLabel = "PEFT",
      description =
          "A finetune of --model, a LoRA folder: the direction is taken out of the two together.")
  Path finetune;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR2",
      description = "A new folder, written whole or not at all.")
  Path out;

  @Option(
      names = "--at",
      paramLabel = "TAP",
      description =
          "The tap point whose direction is taken out everywhere, such as resid_post.12; the one"
              + " that is most like all others by default.")
  String at;

  @Option(
      names = "--strength",
      defaultValue = "1",
      description = "How much of it, above 0 and at most 2 (${DEFAULT-VALUE}).")
  double strength;

  @Option(
      names = "--from-layer",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "The first layer whose writers are changed; above 0 what earlier ones wrote stays"
              + " (${DEFAULT-VALUE}).")
  int fromLayer;

  @Option(
      names = "--force",
      description = "Write even if too much of the direction is left, or it was not measured.")
  boolean force;

  @Option(
      names = "--dry-run",
      description = "Check the inputs, say what will be done, write nothing.")
  boolean dryRun;

  @Option(names = "--json", description = "Print the report as JSON.")
  boolean json;

  /** The finetune in its base. */
  Optional<MergedBase> merged(Base base) {
    return Optional.ofNullable(finetune).map(peft -> MergedBase.of(base, peft));
  }
}
