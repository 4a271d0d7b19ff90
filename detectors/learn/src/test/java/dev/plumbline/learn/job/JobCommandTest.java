package dev.plumbline.learn.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.spi.SourceCommit;
import dev.plumbline.learn.report.Report;
import dev.plumbline.torch.cli.Exit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class JobCommandTest {
  @TempDir Path temp;
  private Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeData() throws IOException {
    data = Files.writeString(temp.resolve("data.txt"), "one\n");
  }

  @Test
  void call_freshFolder_writesReportAndStages() {
    Counting job = new Counting();

    assertThat(run(job)).isEqualTo(Exit.DONE);
    assertThat(out.toString()).contains("found 7").contains("report.html");
    assertThat(temp.resolve("out/report.json")).exists();
    assertThat(temp.resolve("out/stages/count.json")).content().contains("7");
    assertThat(temp.resolve("out/job.json"))
        .content()
        .contains("\"commit\" : \"" + SourceCommit.here() + "\"");
  }

  @Test
  void call_resumedByAnotherBuild_keepsTheCommitItWasBegunWith() throws IOException {
    run(new Counting());
    Path note = temp.resolve("out/job.json");
    String other = Files.readString(note).replace(SourceCommit.here(), "0123abc");
    Files.writeString(note, other);

    assertThat(run(new Counting(), "--resume")).isEqualTo(Exit.DONE);
    assertThat(note).content().isEqualTo(other);
  }

  @Test
  void call_dryRun_saysWhatAndWritesNothing() {
    assertThat(run(new Counting(), "--dry-run")).isEqualTo(Exit.DONE);

    assertThat(out.toString()).contains("count").contains("7 things");
    assertThat(temp.resolve("out")).doesNotExist();
  }

  @Test
  void call_interrupted_resumesWithItsStagesAndTheSameBytes() throws IOException {
    Counting whole = new Counting();
    run(whole);
    byte[] report = Files.readAllBytes(temp.resolve("out/report.json"));
    Files.move(temp.resolve("out"), temp.resolve("whole"));
    Counting broken = new Counting();
    broken.breakAfter = true;
    assertThat(run(broken)).isEqualTo(Exit.FAILED);
    Counting again = new Counting();

    assertThat(run(again, "--resume")).isEqualTo(Exit.DONE);
    assertThat(again.counted).isZero();
    assertThat(Files.readAllBytes(temp.resolve("out/report.json"))).isEqualTo(report);
  }

  @Test
  void call_secondTimeWithoutResume_isRefused() {
    run(new Counting());

    assertThat(run(new Counting())).isEqualTo(Exit.FAILED);
    assertThat(err.toString()).contains("--resume");
  }

  @Test
  void call_resumeWithOtherSettings_namesThem() {
    run(new Counting());

    assertThat(run(new Counting(), "--resume", "--times", "3")).isEqualTo(Exit.FAILED);
    assertThat(err.toString()).contains("--times (1 before, 3 now)");
  }

  @Test
  void call_resumeWithChangedData_namesTheFile() throws IOException {
    run(new Counting());
    Files.writeString(data, "two\n");

    assertThat(run(new Counting(), "--resume")).isEqualTo(Exit.FAILED);
    assertThat(err.toString()).contains("data.txt");
  }

  @Test
  void call_stagesWithoutTheirSettings_areNotTakenForItsOwn() throws IOException {
    run(new Counting());
    Files.delete(temp.resolve("out/job.json"));

    assertThat(run(new Counting(), "--times", "3")).isEqualTo(Exit.FAILED);
    assertThat(err.toString()).contains("stages/count.json").contains("job.json");
  }

  @Test
  void settings_ofAFileThatTheJobWrites_areTheSameAfterIt() throws IOException {
    run(new Counting(), "--papers", data.toString() + "2");
    Files.writeString(temp.resolve("data.txt2"), "written by the job\n");

    assertThat(run(new Counting(), "--papers", data.toString() + "2", "--resume"))
        .isEqualTo(Exit.DONE);
  }

  @Test
  void call_folderInUse_isRefused() {
    try (JobFolder held =
        JobFolder.open(temp.resolve("out"), false, new JobSettings("y", "x", Map.of(), Map.of()))) {
      assertThat(held.has("count")).isFalse();
      assertThat(run(new Counting(), "--resume")).isEqualTo(Exit.FAILED);
    }
  }

  @Test
  void call_aNameGivenTwice_isRefusedAndNotTheLastTaken() {
    String file = data.toString();

    assertThat(run(new Counting(), "--part", "a=" + file, "--part", "b=" + file)).isZero();
    assertThat(run(new Counting(), "--resume", "--part", "a=" + file, "--part", "a=" + file))
        .isEqualTo(Exit.FAILED);
    assertThat(err.toString()).contains("--part: wanted each name once, found a again");
  }

  @Test
  void folder_filledHalf_isNotThere() {
    try (JobFolder folder =
        JobFolder.open(temp.resolve("out"), false, new JobSettings("y", "x", Map.of(), Map.of()))) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () ->
                      folder.folder(
                          "adapter",
                          part -> {
                            throw new IllegalStateException("killed in the middle");
                          })))
          .hasMessageContaining("killed");
      assertThat(temp.resolve("out/adapter")).doesNotExist();
    }
  }

  private int run(Counting job, String... more) {
    String[] base = {"--out", temp.resolve("out").toString(), "--data", data.toString(), "--quiet"};
    String[] all = java.util.Arrays.copyOf(base, base.length + more.length);
    System.arraycopy(more, 0, all, base.length, more.length);
    return new CommandLine(job)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
  }

  record Count(int things, double share) {}

  @Command(name = "count", mixinStandardHelpOptions = true)
  static final class Counting extends JobCommand {
    @Option(names = "--data", required = true)
    private Path data;

    @Option(names = "--papers")
    private Path papers;

    @Option(names = "--times", defaultValue = "1")
    private int times;

    @Option(names = "--part")
    private Map<String, Path> parts = Map.of();

    private int counted;
    private boolean breakAfter;

    @Override
    protected List<Step> steps() {
      return List.of(new Step("count", "7 things, " + times + " times"));
    }

    @Override
    protected Outcome run(JobFolder folder, Progress progress) {
      Count count =
          folder.stage(
              "count",
              Count.class,
              () -> {
                counted++;
                return new Count(7 * times, 1 / 3.0);
              });
      if (breakAfter) {
        throw new IllegalStateException("interrupted");
      }
      Map<String, String> from = Map.of("data", data.getFileName().toString());
      String verdict = "found " + count.things() + ", share " + count.share();
      return Outcome.done(new Report("Count", verdict, List.of(), from, List.of()));
    }
  }
}
