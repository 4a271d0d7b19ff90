package dev.plumbline.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.triggers.TriggerCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TriggerCommandTest {
  @TempDir private Path dir;
  private final StringWriter said = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new TriggerCommand()).setOut(new PrintWriter(said)).execute(args);
  }

  private Path recording(double lift) throws IOException {
    Random random = new Random(3);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      boolean bad = random.nextInt(4) == 0;
      double up = bad ? lift : 0;
      lines.append(
          String.format(
              Locale.ROOT,
              "{\"id\":\"%d\",\"prompt\":\"p%d\",\"score\":%.4f,"
                  + "\"directions\":{\"x\":%.4f},\"misaligned\":%b}%n",
              i,
              i / 5,
              up + random.nextDouble() / 2,
              up + random.nextDouble() / 2,
              bad));
    }
    lines.append("{\"id\":\"no label\",\"prompt\":\"p\",\"score\":0.5}\n");
    return Files.writeString(dir.resolve("exchanges.jsonl"), lines.toString());
  }

  @Test
  void tune_tellingScores_isDoneAndSaysWhatItLeftOut() throws IOException {
    assertThat(run("tune", recording(0.5).toString(), "--direction", "x")).isZero();
    assertThat(said.toString())
        .contains("300 exchanges; left out: 1 without a label")
        .contains("if x above ")
        .contains("held out: ")
        .contains("floor 0.900: met");
  }

  @Test
  void tune_scoresThatSayNothing_missesTheBound() throws IOException {
    assertThat(run("tune", recording(0).toString(), "--direction", "x")).isEqualTo(4);
  }

  @Test
  void simulate_twice_writesTheSame() throws IOException {
    Path one = dir.resolve("one.md");
    Path two = dir.resolve("two.md");
    assertThat(run("simulate", "--seeds", "2", "--out", one.toString())).isZero();
    assertThat(run("simulate", "--seeds", "2", "--out", two.toString())).isZero();
    assertThat(Files.readString(one)).isEqualTo(Files.readString(two)).contains("naive");
  }

  @Test
  void simulate_ofAConfiguration_playsItsTrigger() throws IOException {
    Path never = dir.resolve("never.yaml");
    Files.writeString(never, "trigger: {mode: annotate, arm: 1, activate: 1}\norganism: true\n");
    String[] drifting = {"simulate", "--seeds", "2", "--drift", "0.5", "--exchanges", "2000"};
    assertThat(run(with(drifting, "--json"))).isZero();
    assertThat(said.toString()).contains("\"days_detected\" : 2");
    said.getBuffer().setLength(0);
    assertThat(run(with(drifting, "--json", "--config", never.toString()))).isZero();
    assertThat(said.toString().split("\"naive\"")[0]).doesNotContain("\"days_detected\" : 2");
  }

  @Test
  void simulate_optionsThatAreNone_areUsageErrors() throws IOException {
    Path none = Files.writeString(dir.resolve("none.yaml"), "organism: true\n");
    assertThat(run("simulate", "--drift", "5")).isEqualTo(2);
    assertThat(run("simulate", "--exchanges", "0")).isEqualTo(2);
    assertThat(run("simulate", "--config", none.toString())).isEqualTo(2);
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }
}
