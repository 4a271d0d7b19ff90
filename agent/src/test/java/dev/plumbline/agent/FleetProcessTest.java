package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Three agents as processes on loopback, under load, one cut off and one killed. */
class FleetProcessTest {
  private static final long PATIENCE_SECONDS = 60;

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

    JsonNode fleet() {
      try {
        return new ObjectMapper().readTree(RawHttp.get(admin, "/api/fleet").text());
      } catch (IOException e) {
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

    double verdicts() throws IOException {
      return RawHttp.get(admin, "/metrics")
          .text()
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

  @Test
  void threeAgents_oneCutOffAndOneKilledUnderLoad_losesNothingAndConverges() throws Exception {
    Path key = dir.resolve("ops.pem");
    KeyFiles.generate(key, KeyFiles.publicFileOf(key));
    Path stranger = dir.resolve("stranger.pem");
    KeyFiles.generate(stranger, KeyFiles.publicFileOf(stranger));
    List<Member> all = List.of();
    try (ScriptedOrigin origin = origin();
        FleetRelay network = new FleetRelay()) {
      all = start(network, origin, KeyFiles.publicFileOf(key));
      Member one = all.get(0);
      Member two = all.get(1);
      Member three = all.get(2);
      for (Member each : all) {
        await("three members", () -> each.members() == 3);
        each.ask();
      }
      one.evil.set(true);
      await("all to annotate", () -> two.annotated.get() && three.annotated.get());
      one.evil.set(false);
      await("all to be calm", () -> !two.annotated.get() && !three.annotated.get());

      network.cut(host(2));
      await("the cut", () -> one.members() == 2 && two.members() == 2 && three.members() == 1);
      assertThat(tell(one, null, 4, "status")).contains("2 members, 3 expected");
      assertThat(tell(one, stranger, 1, "off")).contains("unknown_key");
      assertThat(tell(one, key, 0, "off")).contains("applied here");
      one.evil.set(true);
      await("two to be off", two::off);
      assertThat(three.off()).isFalse();
      network.heal();
      await("three members again", () -> three.members() == 3 && one.members() == 3);
      await("three to be off", three::off);
      tell(three, key, 0, "on");
      await("all to be on", () -> !one.off() && !two.off() && !three.off());
      await("all to annotate again", () -> two.annotated.get() && three.annotated.get());

      two.stopAsking();
      assertThat(two.verdicts()).isEqualTo(two.asked.get());
      two.process.destroyForcibly();
      await("the rest", () -> one.members() == 2 && three.members() == 2);
      one.evil.set(false);
      await("three to be calm", () -> !three.annotated.get());
      for (Member each : List.of(one, three)) {
        each.stopAsking();
        assertThat(each.verdicts()).isEqualTo(each.asked.get());
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
