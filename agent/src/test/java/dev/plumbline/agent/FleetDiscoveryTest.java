package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.sign.KeyFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Agents as processes that know one name, whose addresses they are, as behind a headless service;
 * the name is in a hosts file of Java's own ({@code jdk.net.hosts.file}).
 */
class FleetDiscoveryTest {
  private static final String NAME = "agents.plumbline.test";
  private static final int AGENTS = 3;

  @TempDir private Path dir;

  /** An agent in a process of its own. */
  private static final class Member implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private int admin;

    Member(Process process) {
      this.process = process;
      this.out = process.inputReader();
    }

    void started() throws IOException {
      admin = new ObjectMapper().readTree(out.readLine()).path("adminPort").asInt();
    }

    int members() throws IOException {
      String page = RawHttp.get(admin, "/api/fleet").text();
      JsonNode fleet = new ObjectMapper().readTree(page);
      return fleet.path("self").asText().isEmpty() ? 0 : fleet.path("members").size();
    }

    @Override
    public void close() throws Exception {
      process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
      out.close();
    }
  }

  private static String host(int i) {
    return "127.0.0." + (i + 1);
  }

  /** A port that is free on all the addresses, as members behind a service have the same one. */
  private static int port() throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      return any.getLocalPort();
    }
  }

  private Member start(int i, int port, Path hosts) throws IOException {
    Path key = dir.resolve("ops.pem");
    if (!Files.exists(key)) {
      KeyFiles.generate(key, KeyFiles.publicFileOf(key));
    }
    Map<String, String> settings =
        Map.of(
            "fleet.enabled",
            "true",
            "fleet.host",
            host(i),
            "fleet.port",
            "" + port,
            "fleet.service-dns",
            NAME,
            "fleet.expected-members",
            "" + AGENTS,
            "fleet.trusted-keys",
            KeyFiles.publicFileOf(key).toString());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djdk.net.hosts.file=" + hosts);
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(FleetAgent.class.getName(), "serve", "--json", "--organism"));
    command.addAll(List.of("--port", "0", "--admin-port", "0", "--origin", "http://127.0.0.1:1"));
    settings.forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PLUMBLINE_"));
    return new Member(builder.redirectError(dir.resolve("agent" + i + ".log").toFile()).start());
  }

  @Test
  void agents_behindOneName_formAFleet() throws Exception {
    Path hosts = dir.resolve("hosts");
    List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost"));
    lines.add("127.0.0.1 " + InetAddress.getLocalHost().getHostName());
    for (int i = 0; i < AGENTS; i++) {
      lines.add(host(i) + " " + NAME);
    }
    Files.write(hosts, lines);
    int port = port();
    List<Member> agents = new ArrayList<>();
    try {
      for (int i = 0; i < AGENTS; i++) {
        agents.add(start(i, port, hosts));
      }
      for (Member agent : agents) {
        agent.started();
      }
      for (int i = 0; i < AGENTS; i++) {
        await(agents.get(i), i);
      }
    } finally {
      for (Member agent : agents) {
        agent.close();
      }
    }
  }

  private void await(Member agent, int i) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (agent.members() != AGENTS) {
      assertThat(System.nanoTime())
          .as(() -> "agent %d has %s\n%s".formatted(i, members(agent), log(i)))
          .isLessThan(end);
      Thread.sleep(100);
    }
  }

  private static int members(Member agent) {
    try {
      return agent.members();
    } catch (IOException e) {
      return -1;
    }
  }

  private String log(int i) {
    try {
      return Files.readString(dir.resolve("agent" + i + ".log"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
