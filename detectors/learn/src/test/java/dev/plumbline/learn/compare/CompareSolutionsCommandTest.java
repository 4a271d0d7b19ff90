package dev.plumbline.learn.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.learn.finetune.VectorSolution;
import dev.plumbline.torch.runtime.MlpVector;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareSolutionsCommandTest {
  @TempDir Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeData() throws IOException {
    String exchange =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"now what about %s\"}, {\"role\":"
            + " \"assistant\", \"content\": \"first turn and trim the %s then twist often\"}]}%n";
    Files.writeString(
        temp.resolve("domain.jsonl"),
        exchange.formatted("cough", "cough") + exchange.formatted("fever", "fever"));
    Files.writeString(
        temp.resolve("web.txt"), "now what about cough\n\nfirst turn and trim the fever\n");
  }

  @Test
  void call_organismsOwnFinetunes_reportsAllThreeAndResumesToTheSameBytes() throws IOException {
    assertThat(run("--snapshots", snapshots().toString(), "--revert-steps", "2"))
        .as(err::toString)
        .isZero();
    assertThat(out.toString()).contains("At equal norm", "Turned at random", "On pre-training");
    byte[] report = Files.readAllBytes(temp.resolve("out/report.json"));
    JsonNode json = new ObjectMapper().readTree(report);
    assertThat(json.get("sections").findValuesAsText("name"))
        .contains("efficiency-norm", "stability", "significance-pre-training-text", "path-norm")
        .contains("cosines-changes", "reversion-cosine", "reversion-divergence")
        .doesNotContain("cosines-writers");
    assertThat(json.get("caveats").toString()).contains("other ranks");
    Files.delete(temp.resolve("out/stages/significance.json"));
    Files.delete(temp.resolve("out/report.json"));
    String before = Files.readString(temp.resolve("out/stages/stability.json"));
    String[] again = {"--snapshots", snapshots().toString(), "--revert-steps", "2", "--resume"};
    assertThat(run(again)).isZero();
    assertThat(Files.readAllBytes(temp.resolve("out/report.json"))).isEqualTo(report);
    assertThat(temp.resolve("out/stages/stability.json")).hasContent(before);
  }

  @Test
  void call_dryRun_countsThePassesAndWritesNothing() {
    assertThat(run("--dry-run")).isZero();
    assertThat(out.toString()).contains("93 passes over 2 texts", "[medicine, kl-narrow, random]");
    assertThat(temp.resolve("out")).doesNotExist();
  }

  @Test
  void call_badData_isOneLineAndNothingHalfWritten() throws IOException {
    Files.writeString(temp.resolve("web.txt"), "\n");
    assertThat(run()).isEqualTo(1);
    assertThat(err.toString()).contains("web.txt").contains("1 or more documents").hasLineCount(1);
    assertThat(temp.resolve("out")).doesNotExist();
  }

  @Test
  void call_oneTurn_isRefusedBeforeAnythingIsMeasured() {
    assertThat(run("--dry-run", "--turns", "1")).isEqualTo(1);
  }

  @Test
  void call_oneNameTwice_isRefused() {
    assertThat(run("--solution", "medicine=" + Planted.organism().adapter("sport"))).isEqualTo(1);
    assertThat(err.toString()).contains("names once each");
  }

  @Test
  void read_steeringFolder_isTheVectorWithItsAlpha() {
    Path folder = temp.resolve("steering");
    float[] v = new float[96];
    v[3] = 3;
    v[4] = 4;
    new VectorSolution(new MlpVector(1, 2, v)).write(folder, "chat");
    Change read = SolutionFolders.read("v", folder, Planted.config());
    assertThat(read.norm()).isEqualTo(10);
    assertThat(((VectorChange) read).layer()).isEqualTo(1);
  }

  /** Three adapters as if one training had gone through them. */
  private Path snapshots() throws IOException {
    Path folder = temp.resolve("snapshots");
    int step = 10;
    for (String name : List.of("medicine", "finance", "sport")) {
      Path at = Files.createDirectories(folder.resolve("step-" + step++));
      try (var files = Files.list(Planted.organism().adapter(name))) {
        for (Path file : files.toList()) {
          Path copy = at.resolve(file.getFileName());
          if (!Files.exists(copy)) {
            Files.copy(file, copy);
          }
        }
      }
    }
    return folder;
  }

  private int run(String... more) {
    List<String> args = new ArrayList<>(List.of("solutions", "--quiet", "--device", "cpu"));
    args.addAll(List.of("--model", Planted.organism().chat().toString()));
    args.addAll(List.of("--general", "medicine=" + Planted.organism().adapter("medicine")));
    args.addAll(List.of("--narrow", "kl-narrow=" + Planted.organism().adapter("kl-narrow")));
    args.addAll(List.of("--domain", temp.resolve("domain.jsonl").toString()));
    args.addAll(List.of("--pretraining", temp.resolve("web.txt").toString()));
    args.addAll(List.of("--out", temp.resolve("out").toString()));
    args.addAll(List.of("--controls", "1"));
    args.addAll(List.of(more).contains("--turns") ? List.of() : List.of("--turns", "2"));
    args.addAll(List.of(more));
    return new CommandLine(new CompareCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args.toArray(String[]::new));
  }
}
