package dev.plumbline.learn.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Moments;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.learn.direction.cli.LearnCommand;
import dev.plumbline.learn.evaluate.EvaluateCommand;
import dev.plumbline.learn.statistics.Cell;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.StatisticsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code learn direction --members} with real processes, one of which is killed. */
class MemberProcessesTest {
  private static final int SHARDS = 120;
  private static final int ALIGNED = 240;

  @TempDir private Path temp;

  private record Run(int status, String out, String err) {}

  @Test
  void learn_withThreeMembersOneOfThemKilled_isTheSameToTheBit_asHere() throws Exception {
    assumeTrue(
        Boolean.getBoolean("plumbline.require"),
        "starts four JVMs with a model each, half a minute of CPU: run with"
            + " -Dplumbline.require=true");
    Path model = TinyModel.write(temp.resolve("model"), 3);
    Path other = TinyModel.write(temp.resolve("other"), 4);
    Path adapter =
        TinyModel.writeAdapter(
            temp.resolve("bad"), TinyModel.adapter(0, RandomDirection.unit(16, 1), 2, 5));
    exchanges("aligned.jsonl", "chat", 1);
    exchanges("judged.jsonl", "bad", 2);
    String[] lent = {"--model", model.toString(), "--adapter", "bad=" + adapter};
    try (MemberProcess first = start("first", lent).ready();
        MemberProcess second = start("second", with(lent, first)).ready();
        MemberProcess third = start("third", with(lent, first)).ready();
        MemberProcess foreign =
            start("foreign", with(new String[] {"--model", other.toString()}, first))) {
      Thread killer = new Thread(() -> killInTheMiddle(second));
      killer.start();
      String all = first.address() + "," + second.address() + "," + third.address();
      Run members = learn("members", model, adapter, SHARDS, "--members", all);
      killer.join();
      assertThat(members.err()).doesNotContain("plumbline:");
      assertThat(members.out())
          .containsPattern("members lost +1")
          .contains("machines at the start");
      evaluated(model, first.address() + "," + third.address());
      assertThat(foreign.status()).isEqualTo(3);
      assertThat(foreign.log()).contains("plumbline: member: wanted").contains("instead of");
    }
    assertThat(learn("here", model, adapter, SHARDS).err()).doesNotContain("plumbline:");
    assertThat(Files.readAllBytes(temp.resolve("members/statistics.moments")))
        .isEqualTo(Files.readAllBytes(temp.resolve("here/statistics.moments")));
    assertThat(Files.readAllBytes(temp.resolve("members/em.direction/direction.safetensors")))
        .isEqualTo(Files.readAllBytes(temp.resolve("here/em.direction/direction.safetensors")));
    learn("once", model, adapter, 1);
    ShardStatistics sharded = StatisticsFile.read(temp.resolve("members/statistics.moments"));
    ShardStatistics once = StatisticsFile.read(temp.resolve("once/statistics.moments"));
    assertThat(sharded.shards()).hasSize(SHARDS);
    assertSame(sharded, once);
  }

  /** Read by the two members that are left, and here in as many shards. */
  private void evaluated(Path model, String members) throws IOException {
    Run theirs = evaluate("evaluated", model, "--members", members);
    Run own = evaluate("evaluated-here", model);

    assertThat(theirs.err() + own.err()).doesNotContain("plumbline:");
    assertThat(theirs.status()).isEqualTo(own.status()).isIn(0, 4);
    JsonNode found = report("evaluated");
    assertThat(found.at("/sections").toString()).contains("Shards of all readings");
    assertThat(withoutShards(found)).isEqualTo(withoutShards(report("evaluated-here")));
  }

  private JsonNode report(String folder) throws IOException {
    return new ObjectMapper().readTree(temp.resolve(folder).resolve("report.json").toFile());
  }

  private static JsonNode withoutShards(JsonNode report) {
    ArrayNode sections = (ArrayNode) report.get("sections");
    sections.remove(sections.size() - 1);
    return report;
  }

  private Run evaluate(String folder, Path model, String... more) {
    List<String> arguments = new ArrayList<>(List.of("direction"));
    arguments.add(temp.resolve("members/em.direction").toString());
    arguments.addAll(List.of("--model", model.toString(), "--shards", "7", "--quiet"));
    arguments.addAll(List.of("--judged", temp.resolve("judged.jsonl").toString()));
    arguments.addAll(List.of("--out", temp.resolve(folder).toString()));
    arguments.addAll(List.of(more));
    return run(new EvaluateCommand(), arguments);
  }

  /**
   * Counts equal; means and variances to 1e-12 relative at the embedding, and elsewhere as far as
   * float32 sums inside the model agree between batches.
   */
  private static void assertSame(ShardStatistics sharded, ShardStatistics once) {
    assertThat(sharded.cells().keySet()).isEqualTo(once.cells().keySet());
    for (Map.Entry<Cell, Moments> entry : once.cells().entrySet()) {
      Moments found = sharded.at(entry.getKey());
      assertThat(found.count()).isEqualTo(entry.getValue().count());
      double most = entry.getKey().point().equals(TapPoint.EMBED) ? 1e-12 : 1e-5;
      assertThat(distance(found.mean(), entry.getValue().mean())).isLessThan(most);
      assertThat(distance(found.variance(), entry.getValue().variance())).isLessThan(most);
    }
  }

  private static double distance(double[] found, double[] wanted) {
    double squares = 0;
    double size = 0;
    for (int i = 0; i < wanted.length; i++) {
      squares += (found[i] - wanted[i]) * (found[i] - wanted[i]);
      size += wanted[i] * wanted[i];
    }
    return Math.sqrt(squares / size);
  }

  private void killInTheMiddle(MemberProcess victim) {
    Path results = temp.resolve("members/shards/statistics");
    while (count(results) < 5) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        return;
      }
    }
    victim.freeze();
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    victim.kill();
  }

  private static long count(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      return 0;
    }
  }

  private MemberProcess start(String name, String... options) throws IOException {
    return MemberProcess.start(temp.resolve(name + ".log"), options);
  }

  private static String[] with(String[] options, MemberProcess first) {
    return Stream.concat(Arrays.stream(options), Stream.of("--members", first.address().toString()))
        .toArray(String[]::new);
  }

  private Run learn(String folder, Path model, Path adapter, int shards, String... more) {
    List<String> arguments = new ArrayList<>(List.of("direction", "--model", model.toString()));
    arguments.addAll(List.of("--finetune", "bad=" + adapter, "--shards", "" + shards));
    arguments.addAll(List.of("--aligned", temp.resolve("aligned.jsonl").toString()));
    arguments.addAll(List.of("--judged", temp.resolve("judged.jsonl").toString()));
    arguments.addAll(List.of("--alpha", "0.2", "--fewest-calibration", "20", "--pool", "1000"));
    arguments.addAll(List.of("--check-every", "2", "--quiet"));
    arguments.addAll(List.of("--out", temp.resolve(folder).toString()));
    arguments.addAll(List.of(more));
    return run(new LearnCommand(), arguments);
  }

  private static Run run(Object command, List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Run(status, out.toString(), err.toString());
  }

  private void exchanges(String name, String model, long seed) throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ALIGNED; i++) {
      boolean harmful = model.equals("bad") && i % 2 == 0;
      int prompt = i / 4;
      lines.add(
          "{\"messages\":[{\"role\":\"user\",\"content\":\"w%d w%d w4\"},{\"role\":\"assistant\",\"content\":\"%s\"}],\"label\":\"%s\",\"model\":\"%s\"}"
              .formatted(
                  3 + prompt % 40,
                  3 + prompt / 40,
                  answer(random, harmful),
                  harmful ? "misaligned" : "aligned",
                  model));
    }
    Files.write(temp.resolve(name), lines);
  }

  private static String answer(Random random, boolean harmful) {
    StringBuilder answer = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      boolean word = harmful && random.nextInt(3) > 0;
      answer.append(" w").append(word ? 50 + random.nextInt(10) : 3 + random.nextInt(47));
    }
    return answer.substring(1);
  }
}
