package dev.plumbline.agent.adapters;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * llama.cpp's own server in a process, with one adapter at scale 0. {@code plumbline.llama.python}
 * names a Python that has the wheel xllamacpp.
 */
final class LlamaServer implements AutoCloseable {
  private static final String PYTHON = System.getProperty("plumbline.llama.python", "");
  private static final String MODEL = System.getProperty("plumbline.smollm2.gguf", "");

  private final Process process;
  private final URI url;

  private LlamaServer(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Skips the test with a reason where there is no such Python, or no SmolLM2; CI requires both.
   */
  static Path model() {
    assumeTrue(
        Boolean.getBoolean("plumbline.require") || (!PYTHON.isEmpty() && !MODEL.isEmpty()),
        "needs -Dplumbline.llama.python=PYTHON with the wheel xllamacpp, and"
            + " -Dplumbline.smollm2.gguf=FILE");
    return Path.of(MODEL);
  }

  static LlamaServer start(Path folder, Path lora) throws IOException {
    Path script = folder.resolve("serve.py");
    try (var in = LlamaServer.class.getResourceAsStream("/llama-server/serve.py")) {
      Files.copy(in, script);
    }
    Process process =
        new ProcessBuilder(PYTHON, script.toString(), MODEL, lora.toString())
            .redirectError(folder.resolve("llama.log").toFile())
            .start();
    return new LlamaServer(process, listening(process.inputReader(), folder));
  }

  private static URI listening(BufferedReader out, Path folder) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("listening on ")) {
        return URI.create(line.substring("listening on ".length()).trim());
      }
    }
    throw new AssertionError(
        "wanted llama.cpp's server to start, found: "
            + Files.readString(folder.resolve("llama.log")));
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
