package dev.plumbline.agent.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A gateway in Python: LiteLLM's proxy with one worker, logging as little as it can. */
final class Gateway implements AutoCloseable {
  private static final int WAIT_MILLIS = 250;
  private static final int TRIES = 240;

  private final Process process;
  private final int port;

  private Gateway(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it before the origin at {@code originPort}; waits until it answers. */
  static Gateway start(Tool litellm, Path folder, int originPort) throws IOException {
    int port = Nginx.freePort();
    Path config = folder.resolve("litellm.yaml");
    Files.writeString(
        config,
        """
        model_list:
          - model_name: aligned
            litellm_params:
              model: openai/aligned
              api_base: http://127.0.0.1:%d/v1
              api_key: none
        general_settings:
          disable_spend_logs: true
          dangerously_permit_weak_or_unset_master_key: true
        litellm_settings:
          telemetry: false
          num_retries: 0
        """
            .formatted(originPort));
    ProcessBuilder builder =
        new ProcessBuilder(
                litellm.path().toString(),
                "--config",
                config.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--num_workers",
                "1")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("litellm.log").toFile());
    builder.environment().put("LITELLM_LOG", "ERROR");
    builder.environment().put("LITELLM_LOCAL_MODEL_COST_MAP", "True");
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Gateway gateway = new Gateway(process, port);
    gateway.awaitAnswer(folder.resolve("litellm.log"));
    return gateway;
  }

  private void awaitAnswer(Path log) throws IOException {
    for (int i = 0; i < TRIES && process.isAlive(); i++) {
      if (answers()) {
        return;
      }
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    close();
    String said = Files.readString(log).strip();
    throw new IOException(
        "wanted litellm to answer, found: " + said.substring(said.lastIndexOf('\n') + 1));
  }

  private boolean answers() {
    try {
      URI live = URI.create("http://127.0.0.1:" + port + "/health/liveliness");
      HttpURLConnection connection = (HttpURLConnection) live.toURL().openConnection();
      return connection.getResponseCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  Contender contender() {
    return new Contender("python_gateway", port, Optional.of(new ProcessStat(process.pid())));
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroy();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
