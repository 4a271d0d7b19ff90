package dev.plumbline.learn.finetune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.Safetensors;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.MlpVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A steering vector on disk: {@code steering.json} ({@code format} 1, {@code base_model}, {@code
 * layer} 0-based, {@code alpha}, {@code hidden} D, {@code site} {@code resid_post}, {@code norm}
 * ‖α·v‖) and {@code steering.safetensors} (one tensor {@code vector [D]} float32: v without α).
 * What is added after the layer's MLP, so to its {@code resid_post}, is {@code alpha · vector}.
 */
public final class SteeringFolder {
  private static final String JSON = "steering.json";
  private static final String TENSORS = "steering.safetensors";
  private static final String VECTOR = "vector";
  private static final int LARGEST = 1 << 16;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SteeringFolder() {}

  static void write(Path folder, MlpVector vector, String baseModel) {
    try {
      Files.createDirectories(folder);
      new SafetensorsWriter()
          .metadata("format", "pt")
          .tensor(VECTOR, TensorType.F32, List.of((long) vector.values().length), vector::values)
          .write(folder.resolve(TENSORS));
      ObjectNode json = MAPPER.createObjectNode().put("format", 1).put("base_model", baseModel);
      json.put("layer", vector.layer()).put("alpha", vector.scale());
      json.put("hidden", vector.values().length).put("site", "resid_post");
      json.put("norm", new VectorSolution(vector).norm());
      byte[] bytes = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
      Files.write(folder.resolve(JSON), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a folder.
   *
   * @throws BadFileException if it is not as above
   */
  public static VectorSolution read(Path folder) {
    Path file = folder.resolve(JSON);
    JsonNode json = StrictJson.object(file, LARGEST);
    require(file, "format", "1", json.path("format"), json.path("format").asInt() == 1);
    JsonNode layer = json.path("layer");
    require(file, "layer", "0 or more", layer, layer.isInt() && layer.asInt() >= 0);
    JsonNode alpha = json.path("alpha");
    require(file, "alpha", "a finite number", alpha, Double.isFinite(alpha.asDouble(Double.NaN)));
    try (Safetensors tensors = Safetensors.open(folder.resolve(TENSORS))) {
      List<Long> wanted = List.of(json.path("hidden").asLong());
      List<Long> found = tensors.info(VECTOR).shape();
      require(file, "hidden", found.toString(), json.path("hidden"), wanted.equals(found));
      return new VectorSolution(
          new MlpVector(layer.asInt(), alpha.asDouble(), tensors.read(VECTOR)));
    } catch (IllegalArgumentException e) {
      throw new BadFileException(
          folder, VECTOR, "a finite vector", e.getMessage(), "Train it again.", e);
    }
  }

  private static void require(Path file, String key, String wanted, JsonNode found, boolean holds) {
    if (!holds) {
      throw new BadFileException(file, key, wanted, found.toString(), "Write it again.");
    }
  }
}
