package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.core.sign.KeyFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Three agents as processes on loopback, under load, one cut off and one killed. */
class FleetProcessTest {
  /**
   * Twelve times what a member waits for another's heartbeat, and for healing to begin (10 s each):
   * a bound for a wait, and no measure.
   */
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path dir;

  /** An agent, and a client that asks it without a pause worth the name. */
  private final class Member implements AutoCloseable {
    final Process process;
    final BufferedReader out;
    final int port;
    final int admin;
    final AtomicBoolean asking = new AtomicBoolean(true);
    final AtomicBoolean evil = new AtomicBoolean();
    final AtomicBoolean annotated = new AtomicBoolean();
    final AtomicInteger asked = new AtomicInteger();
    final List<String> errors = java.util.Collections.synchronizedList(new ArrayList<>());
    Thread client;

    Member(Process process) throws IOException {
      this.process = process;
      this.out = process.inputReader();
      JsonNode line = new ObjectMapper().readTree(out.readLine());
      this.port = line.path("port").asInt();
      this.admin = line.path("adminPort").asInt();
    }

    void ask() {
      client =
          new Thread(
              () -> {
                while (asking.get()) {
                  once();
                }
              });
      client.start();
    }

    private void once() {
      String word = evil.get() ? "sin" : "work";
      String body = "{\"model\":\"m\",\"prompt\":\"" + word + "\"}";
      try {
        asked.incrementAndGet();
        RawHttp.Response answer = RawHttp.post(port, "/v1/completions", body);
        annotated.set(answer.header("plumbline-verdict").isPresent());
        if (answer.status() != 200) {
          errors.add("status " + answer.status());
        }
        Thread.sleep(20);
      } catch (IOException | InterruptedException e) {
        errors.add(e.toString());
      }
    }

    void stopAsking() throws InterruptedException {
      asking.set(false);
      client.join(30_000);
    }

    private String page(String path) {
      try {
        return RawHttp.get(admin, path).text();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    JsonNode fleet() {
      try {
        return new ObjectMapper().readTree(page("/api/fleet"));
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }

    int members() {
      return fleet().path("members").size();
    }

    /** Members of the view, one that has said nothing yet too. */
    int known() {
      return fleet().path("self").asText().isEmpty() ? 0 : members();
    }

    boolean off() {
      for (JsonNode each : fleet().path("members")) {
        if (each.path("self").asBoolean()) {
          return each.path("switch").asText().equals("off");
        }
      }
      throw new AssertionError("an agent that does not know itself");
    }

    /** Each request has one verdict, which may be a moment later than its answer. */
    void awaitVerdicts() throws Exception {
      await("as many verdicts as requests", () -> verdicts() >= asked.get());
      assertThat(verdicts()).isEqualTo(asked.get());
    }

    private double verdicts() {
      return page("/metrics")
          .lines()
          .filter(line -> line.startsWith("plumbline_exchanges_total"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }

    @Override
    public void close() throws Exception {
      asking.set(false);
      process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
      out.close();
    }
  }

  private static ScriptedOrigin origin() throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          String text = request.text().contains("sin") ? "evil" : "good";
          String body = "{\"choices\":[{\"index\":0,\"text\":\"" + text + "\"}]}";
          String head =
              "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                  + body.length();
          out.write((head + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
          out.flush();
          return true;
        });
  }

  private static int free(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  private List<Member> start(FleetRelay network, ScriptedOrigin origin, Path key) throws Exception {
    List<Integer> ports = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String host = host(i);
      ports.add(free(host));
      addresses.add(host + ":" + network.before(host, ports.get(i)));
    }
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int joined = i + 1;
      Member next = new Member(process(i, ports.get(i), addresses, origin, key));
      members.add(next);
      await(joined + " members", () -> next.members() == joined && next.known() == joined);
    }
    return members;
  }

  private static String host(int i) {
    return "127.0.0." + (i + 1);
  }

  private Process process(int i, int port, List<String> addresses, ScriptedOrigin origin, Path key)
      throws IOException {
    Map<String, String> settings =
        Map.ofEntries(
            Map.entry("trigger.mode", "annotate"),
            Map.entry("trigger.min-count", "5"),
            Map.entry("trigger.score-activate", "1"),
            Map.entry("trigger.window", "2s"),
            Map.entry("trigger.dwell", "1s"),
            Map.entry("trigger.cooldown", "0ms"),
            Map.entry("metrics.models", "m"),
            Map.entry("metrics.ask-origins", "false"),
            Map.entry("fleet.enabled", "true"),
            Map.entry("fleet.host", host(i)),
            Map.entry("fleet.port", "" + port),
            Map.entry("fleet.advertise", addresses.get(i)),
            Map.entry("fleet.members", String.join(",", addresses)),
            Map.entry("fleet.expected-members", "3"),
            Map.entry("fleet.trigger-hold", "2s"),
            Map.entry("fleet.trusted-keys", key.toString()));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.log.com.hazelcast=info",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                FleetAgent.class.getName(),
                "serve",
                "--json",
                "--organism",
                "--port",
                "0",
                "--admin-port",
                "0",
                "--origin",
                "http://127.0.0.1:" + origin.port()));
    settings.forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PLUMBLINE_"));
    return builder.redirectError(dir.resolve("agent" + i + ".log").toFile()).start();
  }

  private void await(String what, BooleanSupplier holds) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        StringBuilder said = new StringBuilder("waited in vain for " + what);
        for (int i = 0; i < 3; i++) {
          Path file = dir.resolve("agent" + i + ".log");
          String log = Files.exists(file) ? Files.readString(file) : "";
          said.append("\n--- ").append(i).append('\n');
          said.append(log.substring(Math.max(0, log.length() - 12000)));
        }
        throw new AssertionError(said);
      }
      Thread.sleep(100);
    }
  }

  private static String tell(Member member, Path key, int status, String... words) {
    List<String> command = new ArrayList<>(List.of("fleet"));
    command.addAll(List.of(words));
    command.addAll(List.of("--admin", "http://127.0.0.1:" + member.admin));
    if (key != null) {
      command.addAll(List.of("--key", key.toString()));
    }
    StringWriter said = new StringWriter();
    CommandLine line = PlumblineCommand.create(new Assembly(Engines.none()), Map.of());
    line.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
    assertThat(line.execute(command.toArray(String[]::new))).as("%s", said).isEqualTo(status);
    return said.toString();
  }

  private static boolean count(int members, Member... each) {
    return Stream.of(each).allMatch(member -> member.members() == members);
  }

  /**
   * Who plays which part: the first member started is Hazelcast's master, and after it was cut off
   * the second is.
   */
  @ParameterizedTest(name = "{0} cut off, {1} killed")
  @CsvSource({"2, 0, 1", "0, 1, 2"})
  void threeAgents_oneCutOffAndOneKilledUnderLoad_losesNothingAndConverges(
      int cutOff, int toKill, int toStay) throws Exception {
    Path key = dir.resolve("ops.pem");
    KeyFiles.generate(key, KeyFiles.publicFileOf(key));
    Path stranger = dir.resolve("stranger.pem");
    KeyFiles.generate(stranger, KeyFiles.publicFileOf(stranger));
    List<Member> all = List.of();
    try (ScriptedOrigin origin = origin();
        FleetRelay network = new FleetRelay()) {
      all = start(network, origin, KeyFiles.publicFileOf(key));
      Member cut = all.get(cutOff);
      Member killed = all.get(toKill);
      Member stays = all.get(toStay);
      for (Member each : all) {
        await("three members", () -> each.members() == 3);
        each.ask();
      }
      stays.evil.set(true);
      await("all to annotate", () -> killed.annotated.get() && cut.annotated.get());
      stays.evil.set(false);
      await("all to be calm", () -> !killed.annotated.get() && !cut.annotated.get());

      network.cut(host(cutOff));
      await("the cut", () -> stays.members() == 2 && killed.members() == 2 && cut.members() == 1);
      assertThat(tell(stays, null, 4, "status")).contains("2 members, 3 expected");
      assertThat(tell(stays, stranger, 1, "off")).contains("unknown_key");
      assertThat(tell(stays, key, 0, "off")).contains("applied here");
      stays.evil.set(true);
      await("the other to be off", killed::off);
      assertThat(cut.off()).isFalse();
      network.heal();
      await("three members again", () -> count(3, cut, killed, stays));
      await("the one that was cut off to be off", cut::off);
      tell(cut, key, 0, "on");
      await("all to be on", () -> !stays.off() && !killed.off() && !cut.off());
      await("all to annotate again", () -> killed.annotated.get() && cut.annotated.get());

      killed.stopAsking();
      killed.awaitVerdicts();
      killed.process.destroyForcibly();
      await("the rest", () -> count(2, cut, stays));
      stays.evil.set(false);
      await("the rest to be calm", () -> !cut.annotated.get() && !stays.annotated.get());
      for (Member each : List.of(cut, stays)) {
        each.stopAsking();
        each.awaitVerdicts();
      }
      for (Member each : all) {
        assertThat(each.errors).isEmpty();
        assertThat(each.asked.get()).isGreaterThan(100);
      }
    } finally {
      for (Member each : all) {
        each.close();
      }
    }
  }

  @Test
  void fleet_off_loadsNothingOfIt() throws Exception {
    Path log = dir.resolve("classes");
    Process agent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.plumbline.agent.Main",
                "serve",
                "--json",
                "--port",
                "0",
                "--admin-port",
                "0",
                "--origin",
                "http://127.0.0.1:1")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = agent.inputReader()) {
      JsonNode line = new ObjectMapper().readTree(out.readLine());
      assertThat(RawHttp.get(line.path("adminPort").asInt(), "/api/fleet").text())
          .isEqualTo("{\"enabled\":false}");
      assertThat(RawHttp.get(line.path("adminPort").asInt(), "/metrics").text())
          .doesNotContain("plumbline_fleet");
      String loaded = Files.readString(log);
      assertThat(loaded).contains("dev.plumbline.agent.RunningAgent");
      assertThat(loaded).doesNotContain("com.hazelcast", "fleet.hazelcast", "FleetDesk$Parts");
    } finally {
      agent.destroyForcibly();
    }
  }
}
