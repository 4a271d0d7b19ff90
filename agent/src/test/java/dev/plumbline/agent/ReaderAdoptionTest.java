package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.embedded.CountedReader;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.fleet.PackedArtefact;
import dev.plumbline.agent.fleet.hazelcast.HazelcastFleet;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.core.sign.KeyFiles;
import dev.plumbline.core.spi.BundledModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two agents of one fleet that read with a model of their own take up another direction. */
class ReaderAdoptionTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String BODY =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
          + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"you push then twist the"
          + " wound and shake it often\"},\"finish_reason\":\"stop\"}]}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"what about fever\"}]}";
  private static final int ADOPTIONS = 5;

  @TempDir private Path dir;
  private final CountedReader reader = new CountedReader();
  private final List<Client> clients = new ArrayList<>();
  private Path key;

  @BeforeEach
  void key() {
    key = dir.resolve("ops.pem");
    KeyFiles.generate(key, KeyFiles.publicFileOf(key));
  }

  /** Asks one agent, one request after the other. */
  private static final class Client extends Thread {
    private final RunningAgent agent;
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private volatile boolean asking = true;

    Client(RunningAgent agent) {
      this.agent = agent;
    }

    @Override
    public void run() {
      while (asking) {
        try {
          asked.incrementAndGet();
          RawHttp.Response answer = RawHttp.post(agent.port(), "/v1/chat/completions", ASK);
          if (answer.status() != 200) {
            errors.add("status " + answer.status());
          }
          Thread.sleep(5);
        } catch (IOException | InterruptedException e) {
          errors.add(e.toString());
        }
      }
    }

    void end() throws InterruptedException {
      asking = false;
      join(30_000);
    }
  }

  private static List<Integer> ports() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ServerSocket two = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return List.of(one.getLocalPort(), two.getLocalPort());
    }
  }

  private RunningAgent agent(int origin, int port, List<Integer> all) {
    Map<String, String> flags =
        new HashMap<>(
            Map.of(
                "port", "0",
                "admin.port", "0",
                "shutdown.deadline", "5s",
                "organism", "true",
                "origin.url", "http://127.0.0.1:" + origin,
                "metrics.models", "m",
                "metrics.ask-origins", "false",
                "exchanges.kept", "10000"));
    flags.put("fleet.enabled", "true");
    flags.put("fleet.host", "127.0.0.1");
    flags.put("fleet.port", "" + port);
    flags.put("fleet.members", "127.0.0.1:" + all.get(0) + ",127.0.0.1:" + all.get(1));
    flags.put("fleet.expected-members", "2");
    flags.put("fleet.trusted-keys", KeyFiles.publicFileOf(key).toString());
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
    RunningAgent agent =
        new Assembly(reader.engines(), AblatedVariants.NONE, s -> new HazelcastFleet(s))
            .launch(config);
    agent.awaitReady();
    return agent;
  }

  /** The shipped direction at random under another name, and changed. */
  private Path artefact(String name, java.util.function.Consumer<ObjectNode> change)
      throws IOException {
    Path shipped =
        ServiceLoader.load(BundledModel.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(model -> model.name().equals("organism"))
            .findFirst()
            .orElseThrow()
            .folder()
            .resolve("directions/random.direction");
    Path folder = Files.createDirectory(dir.resolve(name + ".direction"));
    Files.copy(shipped.resolve("direction.safetensors"), folder.resolve("direction.safetensors"));
    ObjectNode json =
        (ObjectNode) MAPPER.readTree(Files.readAllBytes(shipped.resolve("direction.json")));
    json.put("name", name);
    change.accept(json);
    Files.write(folder.resolve("direction.json"), MAPPER.writeValueAsBytes(json));
    return folder;
  }

  private void tell(RunningAgent agent, String... words) {
    List<String> command = new ArrayList<>(List.of("fleet"));
    command.addAll(List.of(words));
    command.addAll(List.of("--admin", "http://127.0.0.1:" + agent.adminPort(), "--key", "" + key));
    StringWriter said = new StringWriter();
    var line = PlumblineCommand.create(new Assembly(Engines.none()), Map.of());
    line.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
    assertThat(line.execute(command.toArray(String[]::new))).as("%s", said).isZero();
  }

  private static JsonNode page(RunningAgent agent, String path) {
    try {
      return MAPPER.readTree(RawHttp.get(agent.adminPort(), path).text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double sum(RunningAgent agent, String series) {
    try {
      return RawHttp.get(agent.adminPort(), "/metrics")
          .text()
          .lines()
          .filter(line -> line.startsWith(series))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(String what, BooleanSupplier holds) throws InterruptedException {
    await(() -> what, holds);
  }

  private static void await(Supplier<String> what, BooleanSupplier holds)
      throws InterruptedException {
    long end = System.nanoTime() + 120_000_000_000L;
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(() -> "waited in vain for " + what.get()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static String judgedBy(RunningAgent agent) {
    return agent.ledger().latest(1).stream()
        .findFirst()
        .flatMap(exchange -> exchange.reading().direction())
        .orElse("none");
  }

  private void awaitDirection(List<RunningAgent> agents, String name, String digest)
      throws InterruptedException {
    for (RunningAgent agent : agents) {
      await(
          "the digest of " + name,
          () -> page(agent, "/api/fleet").path("artefact").path("digest").asText().equals(digest));
      await("exchanges judged by " + name, () -> judgedBy(agent).equals(name));
      assertThat(page(agent, "/api/artefacts").toString()).contains("\"" + name + "\"");
    }
  }

  private void settle() throws InterruptedException {
    for (Client client : clients) {
      client.end();
      await("the last verdict", () -> client.agent.ledger().unsettled() == 0);
      assertThat(client.errors).isEmpty();
      assertThat(sum(client.agent, "plumbline_exchanges_total")).isEqualTo(client.asked.get());
    }
  }

  private void ask(List<RunningAgent> agents) {
    agents.forEach(agent -> clients.add(new Client(agent)));
    clients.forEach(Thread::start);
  }

  @Test
  void publish_underTraffic_isJudgedByAndFreed() throws Exception {
    Path other = artefact("other", json -> {});
    String digest = PackedArtefact.pack(other).digest();
    List<Integer> ports = ports();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent one = agent(origin.port(), ports.get(0), ports);
        RunningAgent two = agent(origin.port(), ports.get(1), ports)) {
      List<RunningAgent> both = List.of(one, two);
      await("two members", () -> page(two, "/api/fleet").path("members").size() == 2);
      await("two members", () -> page(one, "/api/fleet").path("members").size() == 2);
      ask(both);
      awaitDirection(both, "consensus", "");
      for (int i = 1; i <= ADOPTIONS; i++) {
        boolean publish = i % 2 == 1;
        tell(both.get(i % 2), publish ? new String[] {"publish", "" + other} : rollback());
        awaitDirection(both, publish ? "other" : "consensus", publish ? digest : "");
        await("the readers before freed", () -> reader.open() == both.size());
        assertThat(reader.loaded()).isEqualTo(both.size() * (i + 1));
      }
      settle();
      assertThat(reader.passes()).isZero();
      for (RunningAgent agent : both) {
        Set<String> names = new TreeSet<>();
        for (Exchange each : agent.ledger().latest(10_000)) {
          each.reading().direction().ifPresent(names::add);
        }
        assertThat(names).containsExactly("consensus", "other");
        assertThat(page(agent, "/api/state").path("artefacts").findValuesAsText("folder"))
            .as("opened, and not one of those that were only looked at")
            .noneMatch(name -> name.startsWith("incoming"));
        assertThat(sum(agent, "plumbline_fleet_adoptions_total{result=\"adopted\"}"))
            .isEqualTo(ADOPTIONS);
      }
    }
    assertThat(reader.open()).isZero();
  }

  private static String[] rollback() {
    return new String[] {"rollback"};
  }

  @Test
  void publish_ofAnotherModelsDirection_isRefusedAndTheOldOneStays() throws Exception {
    Path other =
        artefact(
            "other",
            json -> ((ObjectNode) json.path("model")).put("tokenizer_hash", "0".repeat(64)));
    List<Integer> ports = ports();
    try (ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
        RunningAgent one = agent(origin.port(), ports.get(0), ports);
        RunningAgent two = agent(origin.port(), ports.get(1), ports)) {
      List<RunningAgent> both = List.of(one, two);
      await("two members", () -> page(one, "/api/fleet").path("members").size() == 2);
      await("two members", () -> page(two, "/api/fleet").path("members").size() == 2);
      ask(both);
      tell(one, "publish", other.toString());
      for (RunningAgent agent : both) {
        await(
            () -> "the refusal: " + both.stream().map(each -> page(each, "/api/fleet")).toList(),
            () ->
                page(agent, "/api/fleet")
                    .path("artefact")
                    .path("state")
                    .asText()
                    .equals("refused"));
        assertThat(sum(agent, "plumbline_fleet_adoptions_total{result=\"refused\"}")).isEqualTo(1);
        assertThat(page(agent, "/health/ready").toString()).contains("is not used here");
        assertThat(page(agent, "/api/fleet").path("artefact").path("digest").asText()).isEmpty();
      }
      settle();
      assertThat(reader.open()).isEqualTo(reader.loaded()).isEqualTo(2);
      for (RunningAgent agent : both) {
        assertThat(judgedBy(agent)).isEqualTo("consensus");
      }
    }
  }
}
