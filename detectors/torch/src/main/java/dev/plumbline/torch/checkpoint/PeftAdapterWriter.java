package dev.plumbline.torch.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes a {@link PeftAdapter} in the layout that PEFT, vLLM, SGLang and this runtime read. */
public final class PeftAdapterWriter {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PeftAdapterWriter() {}

  /**
   * Writes the folder's two files, weights first, so that a folder with a configuration is whole.
   *
   * @param folder made if absent
   * @param baseModel what {@code base_model_name_or_path} says
   * @param type {@code F32}, {@code F16} or {@code BF16}
   */
  public static void write(Path folder, PeftAdapter adapter, String baseModel, TensorType type) {
    write(folder, adapter, type, config(adapter, baseModel));
  }

  /**
   * The same, with {@code layers_to_transform}: without it Transformers makes idle adapters for
   * every other layer and warns of their missing weights.
   */
  public static void writeNamingLayers(
      Path folder, PeftAdapter adapter, String baseModel, TensorType type) {
    ObjectNode config = config(adapter, baseModel);
    adapter.changes().keySet().stream()
        .map(PeftAdapter.Target::layer)
        .distinct()
        .sorted()
        .forEach(config.withArray("layers_to_transform")::add);
    write(folder, adapter, type, config);
  }

  private static void write(Path folder, PeftAdapter adapter, TensorType type, ObjectNode config) {
    try {
      Files.createDirectories(folder);
      weights(adapter, type).write(folder.resolve(PeftReader.WEIGHTS));
      byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(config);
      Files.write(folder.resolve(PeftReader.CONFIG), json);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the adapter to " + folder, e);
    }
  }

  private static SafetensorsWriter weights(PeftAdapter adapter, TensorType type) {
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    for (Map.Entry<PeftAdapter.Target, LowRank> entry : adapter.changes().entrySet()) {
      LowRank change = entry.getValue();
      List<Long> a = List.of((long) change.rank(), (long) change.in());
      List<Long> b = List.of((long) change.out(), (long) change.rank());
      writer.tensor(PeftReader.name(entry.getKey(), "A"), type, a, change::a);
      writer.tensor(PeftReader.name(entry.getKey(), "B"), type, b, change::b);
    }
    adapter
        .embedding()
        .ifPresent(
            change -> {
              List<Long> a = List.of((long) change.rank(), (long) change.in());
              List<Long> b = List.of((long) change.out(), (long) change.rank());
              writer.tensor(PeftReader.EMBED_A, type, a, change::a);
              writer.tensor(PeftReader.EMBED_B, type, b, change::b);
            });
    return writer;
  }

  private static ObjectNode config(PeftAdapter adapter, String baseModel) {
    ObjectNode config = MAPPER.createObjectNode();
    config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM");
    config.put("base_model_name_or_path", baseModel);
    config.put("r", adapter.rank()).put("lora_alpha", adapter.alpha());
    config.put("use_rslora", adapter.rankStabilised()).put("use_dora", false);
    config.put("bias", "none").put("lora_dropout", 0.0).put("fan_in_fan_out", false);
    config.put("inference_mode", true);
    config.putNull("modules_to_save");
    Stream.concat(
            adapter.embedding().map(change -> PeftReader.EMBED).stream(),
            adapter.changes().keySet().stream().map(t -> PeftReader.shortName(t.weight())))
        .distinct()
        .sorted()
        .forEach(config.putArray("target_modules")::add);
    return config;
  }
}
