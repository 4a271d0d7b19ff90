package dev.plumbline.learn.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The side in Python: one process for all runs, so that libraries and model are loaded once. What
 * it says on standard error goes to this process's. Every answer is waited for at most {@link
 * #MINUTES}.
 */
final class PythonSide implements Side {
  private static final long MINUTES = 120;
  private static final String NEEDS = "numpy torch transformers==4.53.3 scikit-learn";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path folder;
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final Map<String, String> versions = new TreeMap<>();

  /**
   * Starts it.
   *
   * @param python the interpreter
   * @param folder with the data
   * @param threads it may use
   * @param dtype PyTorch's name of the precision
   * @throws IllegalArgumentException if it does not run or lacks a library
   */
  PythonSide(Path python, Path folder, int threads, String dtype) {
    this.folder = folder;
    try (InputStream script = PythonSide.class.getResourceAsStream("learn_bench.py")) {
      Path file = folder.resolve("learn_bench.py");
      Files.write(file, script.readAllBytes());
      ProcessBuilder builder =
          new ProcessBuilder(
              python.toString(),
              file.toString(),
              folder.toString(),
              String.valueOf(threads),
              dtype);
      for (String library : new String[] {"OMP", "MKL", "OPENBLAS"}) {
        builder.environment().put(library + "_NUM_THREADS", String.valueOf(threads));
      }
      builder.environment().put("HF_HUB_OFFLINE", "1");
      process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--python: wanted an interpreter that starts, found " + python + ": " + e.getMessage(),
          e);
    }
    out = process.inputReader(StandardCharsets.UTF_8);
    in = process.outputWriter(StandardCharsets.UTF_8);
    JsonNode first = reply("its versions");
    first.properties().forEach(entry -> versions.put(entry.getKey(), entry.getValue().asText()));
  }

  /** Of Python and its libraries. */
  Map<String, String> versions() {
    return versions;
  }

  @Override
  public SideRun run(Part part, int answers) {
    String name = part.name().toLowerCase(java.util.Locale.ROOT);
    try {
      in.write("{\"part\": \"" + name + "\", \"answers\": " + answers + "}\n");
      in.flush();
    } catch (IOException e) {
      throw gone("a request");
    }
    JsonNode reply = reply(name);
    return new SideRun(
        reply.get("collect_s").asDouble(),
        reply.get("estimate_s").asDouble(),
        reply.get("probe_s").asDouble(),
        reply.get("states").asLong(),
        part == Part.ANSWERS ? reply.get("forwarded").asLong() : 0,
        reply.get("peak_mib").asDouble(),
        reply.get("ridge").asDouble(),
        directions(reply.get("width").asInt()));
  }

  private JsonNode reply(String what) {
    try {
      String line = CompletableFuture.supplyAsync(this::line).get(MINUTES, TimeUnit.MINUTES);
      if (line == null) {
        throw gone(what);
      }
      return MAPPER.readTree(line);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "Python: wanted " + what + " within " + MINUTES + " minutes, found none; take fewer", e);
    } catch (IOException | ExecutionException e) {
      throw gone(what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Python worked", e);
    }
  }

  private String line() {
    try {
      return out.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IllegalArgumentException gone(String what) {
    return new IllegalArgumentException(
        "--python: wanted "
            + what
            + ", found that it ended; see above, and install what is missing: pip install "
            + NEEDS);
  }

  private double[][] directions(int width) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("directions.f64")));
      double[][] rows = new double[bytes.remaining() / 8 / width][width];
      for (double[] row : rows) {
        for (int i = 0; i < width; i++) {
          row[i] = bytes.getDouble();
        }
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException("Python's directions", e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
