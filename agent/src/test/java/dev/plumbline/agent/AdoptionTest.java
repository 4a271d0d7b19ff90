package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.fleet.Fleet;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.core.score.Verdict;
import dev.plumbline.core.sign.KeyFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another direction without a restart, by the command. */
class AdoptionTest {
  private static final String BODY = "{\"choices\":[{\"index\":0,\"text\":\"hello\"}]}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;

  @TempDir private Path dir;
  private final List<NamedTap> taps = new CopyOnWriteArrayList<>();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch opening = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  /** Its readings carry the name of the folder it was opened with; the first one hangs. */
  private final class NamedTap implements Tap {
    final String name;
    volatile boolean closed;

    NamedTap(String name) {
      this.name = name;
    }

    @Override
    public CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned) {
      Reading reading =
          new Reading(
              Verdict.of(0.1, 0.5),
              OptionalDouble.of(0.1),
              OptionalDouble.empty(),
              3,
              Optional.of(name),
              Duration.ofMillis(1));
      if (!name.equals("configured")) {
        return CompletableFuture.completedFuture(reading);
      }
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return reading;
          });
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** As what loads a model waits: in native code. */
  private static void uninterrupted(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // Native code does not look.
      }
    }
  }

  /** A fleet of one. */
  private static final class Alone implements Fleet {
    @Override
    public void join() {}

    @Override
    public boolean joined() {
      return true;
    }

    @Override
    public View view() {
      return new View("me", Set.of("me"));
    }

    @Override
    public void say(Shared said) {}

    @Override
    public Map<String, Heard> hear() {
      return Map.of();
    }

    @Override
    public int strays() {
      return 0;
    }

    @Override
    public void keep(String key, byte[] piece) {}

    @Override
    public Optional<byte[]> kept(String key, int most) {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private RunningAgent agent(int origin, Path key) {
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "port", "0",
                "admin.port", "0",
                "shutdown.deadline", "5s",
                "organism", "true",
                "origin.url", "http://127.0.0.1:" + origin,
                "fleet.enabled", "true",
                "fleet.members", "127.0.0.1:1",
                "fleet.trusted-keys", key.toString()));
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
    Engines engines =
        asked -> {
          String name =
              asked.engine().direction().map(p -> p.getFileName().toString()).orElse("configured");
          if (name.startsWith("0")) {
            throw new IllegalStateException("another model");
          }
          if (!name.equals("configured")) {
            opening.countDown();
            uninterrupted(opened);
          }
          taps.add(new NamedTap(name));
          return new Engines.Loaded(Optional.empty(), Optional.of(taps.get(taps.size() - 1)));
        };
    RunningAgent agent =
        new Assembly(engines, AblatedVariants.NONE, settings -> new Alone()).launch(config);
    agent.awaitReady();
    return agent;
  }

  private static void tell(RunningAgent agent, Path key, String... words) {
    List<String> command = new java.util.ArrayList<>(List.of("fleet"));
    command.addAll(List.of(words));
    command.addAll(List.of("--admin", "http://127.0.0.1:" + agent.adminPort(), "--key", "" + key));
    StringWriter said = new StringWriter();
    var line = PlumblineCommand.create(new Assembly(Engines.none()), Map.of());
    line.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
    assertThat(line.execute(command.toArray(String[]::new))).as("%s", said).isZero();
  }

  private static void ask(RunningAgent agent) throws Exception {
    String body = "{\"model\":\"m\",\"prompt\":\"x\"}";
    assertThat(RawHttp.post(agent.port(), "/v1/completions", body).status()).isEqualTo(200);
  }

  private static List<String> directions(RunningAgent agent) {
    return agent.ledger().latest(10).stream()
        .map(Exchange::reading)
        .map(reading -> reading.direction().orElse("none"))
        .toList();
  }

  @Test
  void publish_whileAnExchangeIsUnderWay_judgesItByTheOldAndTheNextByTheNew() throws Exception {
    Path key = dir.resolve("ops.pem");
    KeyFiles.generate(key, KeyFiles.publicFileOf(key));
    Path artefact = artefact();
    opened.countDown();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent agent = agent(origin.port(), KeyFiles.publicFileOf(key))) {
      ask(agent);
      tell(agent, key, "publish", artefact.toString());
      Agents.await("the new engines", () -> taps.size() == 2);
      Agents.await(
          "the new direction",
          () -> {
            try {
              ask(agent);
            } catch (Exception e) {
              throw new AssertionError(e);
            }
            return directions(agent).stream().anyMatch(name -> name.endsWith(".direction"));
          });
      assertThat(directions(agent)).doesNotContain("configured");
      assertThat(taps.get(0).closed).as("somebody is judged by it").isFalse();
      goOn.countDown();
      Agents.await("the old engines freed", () -> taps.get(0).closed);
      assertThat(directions(agent)).contains("configured");
      tell(agent, key, "rollback");
      Agents.await("the configured engines", () -> taps.size() == 3);
      Agents.await("the published ones freed", () -> taps.get(1).closed);
      ask(agent);
      Agents.await("its verdict", () -> directions(agent).get(0).equals("configured"));
    }
    assertThat(taps).allMatch(tap -> tap.closed);
  }

  private Path artefact() throws IOException {
    Path artefact = Files.createDirectory(dir.resolve("other.direction"));
    Files.writeString(artefact.resolve("direction.json"), "{\"n\":1}");
    return artefact;
  }

  @Test
  void close_whileTheNewEnginesAreOpened_freesThemToo() throws Exception {
    Path key = dir.resolve("ops.pem");
    KeyFiles.generate(key, KeyFiles.publicFileOf(key));
    goOn.countDown();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER)) {
      RunningAgent agent = agent(origin.port(), KeyFiles.publicFileOf(key));
      tell(agent, key, "publish", artefact().toString());
      opening.await();
      agent.close();
      opened.countDown();
      Agents.await("the engines that were opened late", () -> taps.size() == 2);
      Agents.await("all freed", () -> taps.stream().allMatch(tap -> tap.closed));
    }
  }
}
