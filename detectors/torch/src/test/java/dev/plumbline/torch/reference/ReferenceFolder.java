package dev.plumbline.torch.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads a trusted Hugging Face model folder, or a PEFT adapter folder, for {@link
 * ReferenceDecoder}.
 */
public final class ReferenceFolder {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ReferenceFolder() {}

  /** The folder's {@code config.json}, to be changed freely. */
  public static ObjectNode json(Path folder) throws IOException {
    return json(folder, "config.json");
  }

  public static ObjectNode json(Path folder, String file) throws IOException {
    return (ObjectNode) JSON.readTree(folder.resolve(file).toFile());
  }

  public static ReferenceConfig config(Path folder) throws IOException {
    return config(json(folder));
  }

  public static ReferenceConfig config(JsonNode json) {
    String type = json.get("model_type").asText();
    int heads = json.get("num_attention_heads").asInt();
    int width = json.get("hidden_size").asInt();
    boolean attentionBias = json.path("attention_bias").asBoolean();
    return new ReferenceConfig(
        json.get("vocab_size").asInt(),
        width,
        json.get("num_hidden_layers").asInt(),
        heads,
        json.path("num_key_value_heads").asInt(heads),
        json.path("head_dim").asInt(width / heads),
        json.get("rms_norm_eps").asDouble(),
        rope(json),
        windowed(json, type) ? json.path("sliding_window").asInt(0) : 0,
        type.equals("mistral") ? 0 : json.path("max_window_layers").asInt(0),
        json.path("tie_word_embeddings").asBoolean(),
        attentionBias || type.equals("qwen2"),
        attentionBias,
        json.path("mlp_bias").asBoolean(),
        type.equals("qwen3"));
  }

  /** Qwen configurations name a window that is used only where they say so. */
  private static boolean windowed(JsonNode json, String type) {
    return type.equals("mistral") || json.path("use_sliding_window").asBoolean();
  }

  /**
   * Under {@code rope_theta} and {@code rope_scaling}, or since Transformers 5 both in {@code
   * rope_parameters}.
   */
  private static ReferenceRope rope(JsonNode json) {
    boolean together = json.path("rope_parameters").isObject();
    JsonNode scaling = json.path(together ? "rope_parameters" : "rope_scaling");
    double theta = (together ? scaling : json).path("rope_theta").asDouble(10_000);
    return switch (scaling.path("rope_type").asText(scaling.path("type").asText("default"))) {
      case "default" -> ReferenceRope.plain(theta);
      case "linear" -> rope(theta, ReferenceRope.Scaling.LINEAR, scaling);
      case "llama3" -> rope(theta, ReferenceRope.Scaling.LLAMA3, scaling);
      default ->
          throw new IllegalArgumentException(
              "wanted default, linear or llama3, found "
                  + scaling
                  + " as rope scaling in config.json; add it to ReferenceRope");
    };
  }

  private static ReferenceRope rope(
      double theta, ReferenceRope.Scaling scaling, JsonNode parameters) {
    return new ReferenceRope(
        theta,
        scaling,
        parameters.get("factor").asDouble(),
        parameters.path("low_freq_factor").asDouble(),
        parameters.path("high_freq_factor").asDouble(),
        parameters.path("original_max_position_embeddings").asDouble());
  }

  /** All weight files of the folder, sharded or single. */
  public static ReferenceTensors weights(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> listing = Files.list(folder)) {
      files =
          listing.filter(f -> f.getFileName().toString().matches("model.*\\.safetensors")).toList();
    }
    ReferenceTensors tensors = ReferenceTensors.read(files.get(0));
    for (Path shard : files.subList(1, files.size())) {
      tensors.add(shard);
    }
    return tensors;
  }

  /** A PEFT LoRA folder, by the module's name in the base model. */
  public static Map<String, ReferenceLora> adapter(Path folder) throws IOException {
    JsonNode json = JSON.readTree(folder.resolve("adapter_config.json").toFile());
    double rank = json.get("r").asDouble();
    double over = json.path("use_rslora").asBoolean() ? Math.sqrt(rank) : rank;
    ReferenceTensors tensors = ReferenceTensors.read(folder.resolve("adapter_model.safetensors"));
    Map<String, ReferenceLora> adapters = new HashMap<>();
    for (String name : tensors.names()) {
      if (name.endsWith(".lora_A.weight")) {
        String module = name.replace(".lora_A.weight", "");
        double[][] b = tensors.matrix(module + ".lora_B.weight");
        double scale = json.get("lora_alpha").asDouble() / over;
        adapters.put(
            module.replace("base_model.model.", ""),
            new ReferenceLora(tensors.matrix(name), b, scale));
      }
    }
    return adapters;
  }
}
