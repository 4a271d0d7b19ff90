package dev.plumbline.learn.shards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code plumbline learn member} in a JVM of its own; killed when closed. */
final class MemberProcess implements AutoCloseable {
  private final Process process;
  private final Path log;
  private MemberAddress address;

  private MemberProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static MemberProcess start(Path log, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true"));
    command.addAll(
        List.of("-DOPT_OUT_TRACKING=true", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(MemberMain.class.getName(), "member", "--json", "--port", "0"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    return new MemberProcess(builder.start(), log);
  }

  /** Waits until it says where it listens. */
  MemberProcess ready() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("{")) {
        JsonNode said = new ObjectMapper().readTree(line);
        address = new MemberAddress(said.get("host").asText(), said.get("port").asInt());
        return this;
      }
    }
    throw new IllegalStateException("a member that is not ready: " + Files.readString(log));
  }

  MemberAddress address() {
    return address;
  }

  /** SIGSTOP: what it has in hand stays in its hand. */
  void freeze() {
    try {
      new ProcessBuilder("kill", "-STOP", "" + process.pid()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** Its status when it has ended by itself. */
  int status() throws InterruptedException {
    return process.waitFor(120, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    kill();
  }
}
