package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.export.cli.AdapterCommand;
import java.nio.file.Path;
import picocli.CommandLine;

/** A finetune and the ablation of one direction in one adapter, as the command exports it. */
final class FusedAblation {
  private FusedAblation() {}

  /** Writes the one adapter; what it leaves is known to be too much, and is not measured. */
  static void write(Path base, Path direction, Path finetune, Path out) {
    new CommandLine(new AdapterCommand())
        .execute(
            "--direction",
            direction.toString(),
            "--model",
            base.toString(),
            "--adapter",
            finetune.toString(),
            "--for",
            "peft",
            "--variant",
            "writers",
            "--skip-residual",
            "--force",
            "--out",
            out.toString());
    assertThat(out.resolve("adapter_config.json")).exists();
  }
}
