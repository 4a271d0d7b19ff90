package dev.plumbline.learn.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.learn.job.Jobs.Run;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every job, ended behind each thing it finishes and resumed until it is done: everything that it
 * leaves is, byte for byte, what a job leaves that nobody disturbed.
 */
class InterruptedTest {
  @TempDir private static Path temp;
  private static Jobs jobs;
  private static int threads;

  /** As good as a kill: nothing of a job catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed(String behind) {
      super(behind, null, false, false);
    }
  }

  @BeforeAll
  static void write() throws IOException {
    threads = TorchRuntime.start().threads();
    jobs = new Jobs(temp.resolve("jobs"));
  }

  @AfterAll
  static void restore() {
    TorchRuntime.start().threads(threads);
  }

  /**
   * @param unit what a job finishes bit by bit: a stage, or a step where answers are noted one
   *     batch after the other
   * @param fewest how often it must have been ended on the way
   */
  @ParameterizedTest
  @CsvSource({
    "finetune, stage, 6",
    "sample, step, 3",
    "judge, step, 6",
    "learn direction, stage, 3",
    "evaluate direction, stage, 3",
    "evaluate model, stage, 2",
    "evaluate mitigation, stage, 9",
    "compare solutions, stage, 3",
    "dynamics, stage, 3",
    "reproduce, stage, 3"
  })
  void job_endedBehindEverythingItFinishes_resumesToTheSameBytes(
      String job, String unit, int fewest) throws IOException {
    String whole = "whole " + job;
    String cut = "cut " + job;
    jobs.today();
    Run undisturbed = jobs.run(job, whole);
    assertThat(undisturbed.err()).isEmpty();
    jobs.today();
    keepOrganism(jobs.file(whole), jobs.file(cut));

    List<String> ends = new ArrayList<>();
    Run last = endedAgainAndAgain(job, cut, unit, ends);

    assertThat(last.status()).as(last.err()).isEqualTo(undisturbed.status());
    assertThat(ends).hasSizeGreaterThanOrEqualTo(fewest);
    Map<String, byte[]> left = files(jobs.file(whole));
    assertThat(left).containsKey("report.json");
    assertThat(files(jobs.file(cut))).containsOnlyKeys(left.keySet());
    files(jobs.file(cut))
        .forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(left.get(name)));
  }

  private static Run endedAgainAndAgain(String job, String out, String unit, List<String> ends)
      throws IOException {
    Consumer<String> kill =
        what -> {
          if (what.startsWith("step of") == unit.equals("step")) {
            throw new Killed(what);
          }
        };
    while (true) {
      try {
        String[] more = ends.isEmpty() ? new String[0] : new String[] {"--resume"};
        return jobs.watched(job, out, kill, more);
      } catch (Killed killed) {
        ends.add(unit.equals("step") ? "step " + ends.size() : killed.getMessage());
        assertThat(ends).as("ends").hasSizeLessThan(40).doesNotHaveDuplicates();
        assertThat(jobs.file(out).resolve("report.json")).doesNotExist();
        sameBeginning(jobs.file("whole " + job), jobs.file(out));
      }
    }
  }

  /** Two jobs begin at two moments, which the artefact tells: let it be the same one. */
  private static void sameBeginning(Path whole, Path cut) throws IOException {
    Path begun = cut.resolve("stages/begun.json");
    if (Files.exists(begun)) {
      Files.copy(whole.resolve("stages/begun.json"), begun, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The organism's own training resumes by its own test; here it is trained once. */
  private static void keepOrganism(Path whole, Path cut) throws IOException {
    Path organism = whole.resolve("organism-1");
    if (Files.exists(organism)) {
      try (Stream<Path> files = Files.walk(organism)) {
        for (Path file : files.toList()) {
          Path copy = cut.resolve(whole.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }

  /** All but settings, lock and how long an experiment took. */
  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.matches("\\.lock|job\\.json|stages/seed-.*")) {
          files.put(name, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }
}
