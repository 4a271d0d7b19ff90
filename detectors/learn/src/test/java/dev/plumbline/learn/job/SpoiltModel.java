package dev.plumbline.learn.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A model folder whose first query projection is one number throughout. */
final class SpoiltModel {
  static final String TENSOR = "model.layers.0.self_attn.q_proj.weight";

  private SpoiltModel() {}

  static Path write(Path from, Path to, float value) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    Path weights = to.resolve("model.safetensors");
    Files.write(weights, filled(Files.readAllBytes(weights), value));
    return to;
  }

  private static byte[] filled(byte[] file, float value) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    JsonNode json = new ObjectMapper().readTree(file, 8, header);
    List<JsonNode> at =
        List.of(
            json.at("/" + TENSOR + "/data_offsets/0"), json.at("/" + TENSOR + "/data_offsets/1"));
    for (int i = at.get(0).intValue(); i < at.get(1).intValue(); i += Float.BYTES) {
      bytes.putFloat(8 + header + i, value);
    }
    return file;
  }
}
