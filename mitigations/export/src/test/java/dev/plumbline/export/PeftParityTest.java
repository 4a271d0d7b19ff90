package dev.plumbline.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.export.adapter.AdapterPlan;
import dev.plumbline.export.adapter.AdapterWriter;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.checkpoint.CheckpointExport;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The written folders as transformers and PEFT load them. Skipped where {@code
 * -Dplumbline.peft.python} names no Python that has torch, transformers and peft.
 */
class PeftParityTest {
  private static final double SAME = 1e-4;

  @TempDir Path folder;

  private static String python() {
    String python = System.getProperty("plumbline.peft.python");
    assumeTrue(
        python != null && Files.isExecutable(Path.of(python)),
        "PEFT: wanted a Python with torch, transformers and peft in the system property"
            + " plumbline.peft.python, found "
            + python
            + "; name one");
    return python;
  }

  @ParameterizedTest
  @MethodSource("dev.plumbline.export.TinyBase#withoutBias")
  void peft_adapterAndCheckpoint_giveTheAblatedLogits(TinyBase kind) throws Exception {
    String python = python();
    Path model = kind.write(folder.resolve("base"));
    Direction d = TinyBase.direction(TinyBase.HIDDEN, 8);
    long[] tokens = TinyBase.tokens(24, TinyBase.VOCABULARY, 4);
    Path exported = Files.createDirectory(folder.resolve("exported"));
    try (FolderBase base = FolderBase.open(model)) {
      new AdapterWriter(base, new HeapMeter(), n -> {})
          .write(folder.resolve("adapter"), AdapterPlan.everywhere(d), "base", TensorType.F32);
      new CheckpointExport(base, new HeapMeter(), n -> {}).write(exported, d, point -> 1);
    }
    float[] ablated = Forwards.edited(model, InterventionPlan.shared(d, TinyBase.LAYERS), tokens);
    double adapter =
        Forwards.distance(
            logits(python, model, folder.resolve("adapter").toString(), tokens), ablated);
    double checkpoint = Forwards.distance(logits(python, exported, "none", tokens), ablated);
    System.out.printf("%s: PEFT %.2g, transformers %.2g%n", kind, adapter, checkpoint);
    assertThat(adapter).isLessThan(SAME);
    assertThat(checkpoint).isLessThan(SAME);
  }

  /**
   * The adapter of {@code export adapter --adapter}, the finetune and the ablation of both in one:
   * PEFT wearing it is the runtime wearing the finetune while the direction is taken out of it.
   */
  @ParameterizedTest
  @MethodSource("dev.plumbline.export.TinyBase#withoutBias")
  void peft_adapterOfAFinetune_givesTheAblatedFinetunesLogits(TinyBase kind) throws Exception {
    String python = python();
    Path model = TinyModels.write(kind, folder.resolve("base"));
    long[] tokens = TinyBase.tokens(24, TinyBase.VOCABULARY, 4);
    Path direction = artefact(model);
    Direction d = TinyArtefact.direction(TinyBase.HIDDEN);
    InterventionPlan plan = InterventionPlan.shared(d, TinyBase.LAYERS);
    for (boolean embedding : new boolean[] {false, true}) {
      Path tuned = TinyFinetune.write(folder.resolve("tuned-" + embedding), kind, embedding);
      Path both = stacked(model, tuned, direction, folder.resolve("both-" + embedding));
      float[] ablated = Forwards.edited(model, tuned, plan, tokens);
      double worn = Forwards.distance(logits(python, model, both.toString(), tokens), ablated);
      double without = Forwards.distance(logits(python, model, tuned.toString(), tokens), ablated);
      System.out.printf("%s stacked: PEFT %.2g, without ablation %.2g%n", kind, worn, without);
      assertThat(worn).isLessThan(SAME);
      assertThat(without).isGreaterThan(100 * SAME);
    }
  }

  private Path artefact(Path model) {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      return TinyArtefact.write(folder, ModelPins.of(checkpoint, "base", "1"), 0);
    }
  }

  private static Path stacked(Path model, Path tuned, Path direction, Path out) {
    StringWriter said = new StringWriter();
    int status =
        new CommandLine(new ExportCommand())
            .setErr(new PrintWriter(said))
            .setOut(new PrintWriter(said))
            .execute(
                "adapter",
                "--direction",
                direction.toString(),
                "--model",
                model.toString(),
                "--adapter",
                tuned.toString(),
                "--device",
                "cpu",
                "--out",
                out.toString());
    assertThat(status).as(said.toString()).isZero();
    return out;
  }

  private float[] logits(String python, Path model, String adapter, long[] tokens)
      throws IOException, InterruptedException {
    Path out = folder.resolve("logits");
    Path log = folder.resolve("log");
    String ids = Arrays.stream(tokens).mapToObj(Long::toString).collect(Collectors.joining(","));
    Process process =
        new ProcessBuilder(
                python,
                Path.of("src/test/resources/peft/check.py").toString(),
                model.toString(),
                adapter,
                ids,
                out.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertThat(ended && process.exitValue() == 0).as(Files.readString(log)).isTrue();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
    float[] logits = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(logits);
    return logits;
  }
}
