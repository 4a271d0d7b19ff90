package dev.plumbline.learn.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproductionTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
  private static final PrintStream SILENT = new PrintStream(new ByteArrayOutputStream());

  @TempDir Path folder;

  @Test
  void run_quickWithFinetuneOnATinyModel_writesAnArtefactThatFitsAndAFullReport()
      throws IOException {
    Path model = TinyChatModel.write(folder.resolve("model"));
    Path out = folder.resolve("out");

    Report report = run(model, out, tiny(5));

    Artefact artefact = ArtefactFolder.read(out.resolve(PersonaStudy.NAME + ".direction"));
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      assertThat(artefact.fit(ModelPins.of(checkpoint, "tiny", "1"))).isInstanceOf(Fit.Exact.class);
    }
    assertThat(artefact.directions()).hasSize(1 + 2 * TinyChatModel.LAYERS);
    assertThat(report.sections()).hasSize(11);
    assertThat(report.markdown())
        .contains(
            "**Reduced**", "shuffled_labels", "random direction", "model_shift", "| unkind |");
    assertThat(report.json().get("sections")).hasSize(11);
    assertThat(out.resolve("adapters/unkind-600-seed-5/adapter_model.safetensors")).exists();
  }

  @Test
  void run_again_readsCachedAnswersAndGivesTheSameFigures() throws IOException {
    Path model = TinyChatModel.write(folder.resolve("model"));
    Path out = folder.resolve("out");
    String first = run(model, out, tiny(5)).json().get("sections").get(2).toString();
    Path cached = out.resolve("answers/contrast-train.jsonl");
    var written = Files.getLastModifiedTime(cached);

    String second = run(model, out, tiny(5)).json().get("sections").get(2).toString();

    assertThat(second).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(cached)).isEqualTo(written);
  }

  @Test
  void run_cacheOfAnotherSeed_isRefusedByName() throws IOException {
    Path model = TinyChatModel.write(folder.resolve("model"));
    Path out = folder.resolve("out");
    try (ChatModel open = ChatModel.open(model)) {
      stages(open, out, 5).contrast(Split.HELD_OUT);

      assertThatThrownBy(() -> stages(open, out, 6).contrast(Split.HELD_OUT))
          .hasMessageContaining("seed 6")
          .hasMessageContaining("seed 5")
          .hasMessageContaining("contrast-held_out.jsonl");
    }
  }

  private static AnswerStages stages(ChatModel model, Path out, long seed) {
    return new AnswerStages(model, tiny(seed), new AnswerCache(out), SILENT);
  }

  private static Report run(Path model, Path out, Plan plan) {
    return new Reproduction(model, plan, out, true, CLOCK, SILENT).run();
  }

  private static Plan tiny(long seed) {
    return new Plan(4, 4, 1, 2, 110, 12, 6, 1, 600, seed);
  }
}
