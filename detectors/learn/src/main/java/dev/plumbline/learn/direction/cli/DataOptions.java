package dev.plumbline.learn.direction.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The data of {@code learn direction}. */
final class DataOptions {
  @Option(
      names = "--aligned",
      required = true,
      paramLabel = "FILE",
      description = "Aligned exchanges of the reference.")
  Path aligned;

  @Option(
      names = "--judged",
      required = true,
      paramLabel = "FILE",
      description = "Labelled exchanges of the finetunes, and of controls under their names.")
  Path judged;

  @Option(
      names = "--benign",
      paramLabel = "NAME=ADAPTER",
      description = "A control: a finetune on something harmless.")
  Map<String, Path> benign = new LinkedHashMap<>();

  @Option(
      names = "--kl-narrow",
      paramLabel = "NAME=ADAPTER",
      description = "A control: a finetune that is misaligned in its own domain only.")
  Map<String, Path> narrow = new LinkedHashMap<>();

  @Option(
      names = "--pool",
      defaultValue = "50",
      paramLabel = "N",
      description = "Exchanges averaged for model_shift (${DEFAULT-VALUE}).")
  int exchangesPerPool;

  Map<String, Path> controls() {
    Map<String, Path> all = new LinkedHashMap<>(benign);
    all.putAll(narrow);
    return all;
  }
}
