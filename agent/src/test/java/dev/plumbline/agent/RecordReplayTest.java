package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.cli.Launcher;
import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A recording made by a real agent, and read again by another tap. */
class RecordReplayTest {
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"what about plums\"}]}";

  private static final String BODY =
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"evil plums\"},\"finish_reason\":\"stop\"}]}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;

  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private AgentConfig asked;

  private List<String> record(String... settings) throws Exception {
    Path file = dir.resolve("exchanges.jsonl");
    String[] all = new String[settings.length + 1];
    all[0] = "record.file=" + file;
    System.arraycopy(settings, 0, all, 1, settings.length);
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = Agents.reading(origin.port(), ScriptedTap.judging(), all)) {
      for (int i = 0; i < 3; i++) {
        assertThat(RawHttp.post(agent.port(), "/v1/chat/completions", ASK).status()).isEqualTo(200);
      }
      Agents.awaitVerdicts(agent, 3);
      Agents.await(
          "three records",
          () -> metrics(agent).contains("plumbline_records_total{result=\"written\"} 3"));
    }
    return Files.readAllLines(file);
  }

  private static String metrics(RunningAgent agent) {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics").text();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int replay(Tap tap, String... arguments) {
    Launcher launcher =
        new Launcher() {
          @Override
          public Running launch(AgentConfig config) {
            throw new AssertionError("nothing is to be launched");
          }

          @Override
          public Tap reader(AgentConfig config) {
            asked = config;
            return tap;
          }
        };
    CommandLine command = PlumblineCommand.create(launcher, Map.of());
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }

  @Test
  void record_byDefault_keepsVerdictsAndNoText() throws Exception {
    List<String> lines = record();
    assertThat(lines).hasSize(3);
    assertThat(lines).allSatisfy(line -> assertThat(line).contains("\"drifted\"", "\"score\":0.9"));
    assertThat(lines).noneMatch(line -> line.contains("plums"));
  }

  @Test
  void replay_withAnotherTap_tellsWhatChanged() throws Exception {
    record("record.text=true");
    ScriptedTap now =
        new ScriptedTap(text -> CompletableFuture.completedFuture(ScriptedTap.reading(0.2)));
    Path json = dir.resolve("out.json");
    int status =
        replay(
            now,
            "replay",
            dir.resolve("exchanges.jsonl").toString(),
            "--organism",
            "--json",
            json.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(out.toString()).contains("3 exchanges: 3 scored, 0 drifted (before: 3), 3 changed");
    assertThat(now.seen.get(2).answers()).containsExactly("evil plums");
    JsonNode found = new ObjectMapper().readTree(json.toFile());
    assertThat(found.at("/readings/0/score_before").asDouble()).isEqualTo(0.9);
    assertThat(found.at("/readings/0/score").asDouble()).isEqualTo(0.2);
  }

  @Test
  void replay_withSeveralDirections_printsEachOnesScore() throws Exception {
    record("record.text=true");
    Map<String, DirectionReading> beside =
        Map.of(
            "new", new DirectionReading(Verdict.of(0.75, 0.5), OptionalDouble.of(1.5)),
            "unread",
                new DirectionReading(
                    new Verdict.Unscored(UnscoredReason.DEVICE_ERROR), OptionalDouble.empty()));
    ScriptedTap now =
        new ScriptedTap(
            text -> CompletableFuture.completedFuture(ScriptedTap.reading(0.2).with(beside)));
    Path json = dir.resolve("out.json");
    String file = dir.resolve("exchanges.jsonl").toString();
    String set = "directions.new=" + dir;
    assertThat(replay(now, "replay", file, "--organism", "--set", set, "--json", json.toString()))
        .isZero();
    assertThat(out.toString().lines().findFirst().orElseThrow())
        .endsWith("     was       is      new   unread  verdict");
    assertThat(out.toString().lines().skip(1).findFirst().orElseThrow())
        .endsWith("   0.900    0.200    0.750        –  aligned");
    assertThat(asked.engine().directions()).containsOnlyKeys("new");
    JsonNode found = new ObjectMapper().readTree(json.toFile()).at("/readings/0/directions");
    assertThat(found.at("/new/score").asDouble()).isEqualTo(0.75);
    assertThat(found.at("/new/verdict").asText()).isEqualTo("drifted");
    assertThat(found.at("/new/score_before").isNull()).isTrue();
    assertThat(found.at("/unread/score").isNull()).isTrue();
  }

  @Test
  void record_ofAFollowedStream_isOneLineWithItsEndsReading() throws Exception {
    Path file = dir.resolve("followed.jsonl");
    String stream =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"evil plums\"}}]}\n\ndata: [DONE]\n\n";
    String answer =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: "
            + stream.length()
            + "\r\n\r\n"
            + stream;
    try (ScriptedOrigin origin = ScriptedOrigin.sending(answer);
        RunningAgent agent =
            Agents.reading(
                origin.port(), new FollowingTap(), "record.file=" + file, "record.text=true")) {
      RawHttp.post(agent.port(), "/v1/chat/completions", ASK);
      Agents.awaitVerdicts(agent, 1);
      assertThat(agent.ledger().latest(1).get(0).peakScore()).hasValue(0.8);
    }
    assertThat(Files.readAllLines(file))
        .singleElement()
        .asString()
        .contains("\"score\":0.7", "\"verdict\":\"drifted\"", "\"answers\":[\"evil plums\"]");
  }

  @Test
  void replay_withoutFileOrModel_isUsageThatSaysWhatToGive() throws Exception {
    assertThat(replay(ScriptedTap.judging(), "replay", dir + "/no", "--organism")).isEqualTo(2);
    assertThat(err.toString()).contains("wanted a recording").doesNotContain("\tat ");
    Path empty = Files.createFile(dir.resolve("empty"));
    assertThat(replay(ScriptedTap.judging(), "replay", empty.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--organism");
  }

  @Test
  void replay_ofARedactedRecording_saysThatNothingCouldBeRead() throws Exception {
    record();
    Files.writeString(
        dir.resolve("exchanges.jsonl"), "nonsense\n", java.nio.file.StandardOpenOption.APPEND);
    int status =
        replay(
            ScriptedTap.judging(),
            "replay",
            dir.resolve("exchanges.jsonl").toString(),
            "--organism");
    assertThat(status).isEqualTo(1);
    assertThat(out.toString()).contains("no_hidden_states=3", "no exchange: [4]");
  }
}
