package dev.plumbline.export.gguf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * llama.cpp itself through llama-cpp-python, by {@code llama-cpp/logits.py}. Compiling it takes
 * minutes, so it is never installed here: {@code plumbline.llama-cpp.python} names a Python that
 * has it, {@code .ci/real-server} makes one, and tests skip with a reason where it is not.
 */
final class LlamaCpp {
  private static final String PROPERTY = "plumbline.llama-cpp.python";

  /** What is set for one pass over all prompts; nulls for a plain one. */
  record Run(Path lora, Path control, int layer) {
    static final Run PLAIN = new Run(null, null, 0);

    Map<String, Object> json() {
      Map<String, Object> json = new HashMap<>();
      json.put("lora", lora == null ? null : lora.toString());
      json.put("control", control == null ? null : control.toString());
      json.put("from", layer);
      json.put("to", layer);
      return json;
    }
  }

  private LlamaCpp() {}

  /** The Python; skips the test where there is none with llama_cpp. */
  static String python(Path folder) throws IOException, InterruptedException {
    String python = System.getProperty(PROPERTY, "python3");
    String found = run(folder, 60, python, "-c", "import llama_cpp, numpy");
    assumeTrue(
        found.isEmpty(),
        "llama.cpp: wanted a Python with llama_cpp and numpy in -D"
            + PROPERTY
            + ", found none with "
            + python
            + "; .ci/real-server makes one in target/real-server/venv");
    return python;
  }

  /** Next-token logits {@code [runs][prompts][V]}. */
  static float[][][] logits(Path folder, Path model, List<long[]> prompts, List<Run> runs)
      throws IOException, InterruptedException {
    String python = python(folder);
    Path script = folder.resolve("logits.py");
    try (InputStream in = LlamaCpp.class.getResourceAsStream("/llama-cpp/logits.py")) {
      Files.write(script, in.readAllBytes());
    }
    Path out = folder.resolve("logits.f32");
    Path spec = folder.resolve("spec.json");
    Map<String, Object> json =
        Map.of(
            "model", model.toString(),
            "prompts", prompts,
            "out", out.toString(),
            "runs", runs.stream().map(Run::json).toList());
    Files.write(spec, new ObjectMapper().writeValueAsBytes(json));
    String failed = run(folder, 300, python, script.toString(), spec.toString());
    if (!failed.isEmpty()) {
      throw new AssertionError("llama.cpp: " + failed);
    }
    return split(out, runs.size(), prompts.size());
  }

  private static float[][][] split(Path file, int runs, int prompts) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    float[][][] all = new float[runs][prompts][bytes.remaining() / 4 / runs / prompts];
    for (float[][] run : all) {
      for (float[] logits : run) {
        bytes.asFloatBuffer().get(logits);
        bytes.position(bytes.position() + 4 * logits.length);
      }
    }
    return all;
  }

  /** What a failed program said, or nothing. */
  private static String run(Path folder, int seconds, String... command)
      throws IOException, InterruptedException {
    Path said = folder.resolve("said.txt");
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "no end after " + seconds + " s";
      }
      String text = Files.readString(said, StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? "" : "status " + process.exitValue() + ": " + text;
    } catch (IOException e) {
      return e.toString();
    }
  }
}
