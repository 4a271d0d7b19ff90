package dev.plumbline.torch.checkpoint.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a model folder: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} lists.
 *
 * <p>The index decides: a tensor that lies in a shard but not in the index is not there. Shards
 * must be files of the folder itself.
 */
public final class SafetensorsFolder implements TensorSource {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final int INDEX_BYTES = 32 << 20;

  private final Path folder;
  private final Map<String, Safetensors> holders;

  private SafetensorsFolder(Path folder, Map<String, Safetensors> holders) {
    this.folder = folder;
    this.holders = holders;
  }

  /**
   * Opens what the folder has, the index first.
   *
   * @throws BadFileException if neither file is there, or one of them is unsound
   */
  public static SafetensorsFolder open(Path folder) {
    if (Files.isRegularFile(folder.resolve(INDEX))) {
      return new SafetensorsFolder(folder, sharded(folder));
    }
    Path single = folder.resolve(SINGLE);
    if (!Files.isRegularFile(single)) {
      throw new BadFileException(
          folder,
          "the folder",
          SINGLE + " or " + INDEX,
          "neither",
          "Point to a model folder or a GGUF file.");
    }
    Safetensors file = Safetensors.open(single);
    Map<String, Safetensors> holders = new LinkedHashMap<>();
    file.names().forEach(name -> holders.put(name, file));
    return new SafetensorsFolder(folder, holders);
  }

  private static Map<String, Safetensors> sharded(Path folder) {
    Path index = folder.resolve(INDEX);
    JsonNode map = StrictJson.object(index, INDEX_BYTES).path("weight_map");
    Map<String, Safetensors> shards = new LinkedHashMap<>();
    Map<String, Safetensors> holders = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String where = "weight_map." + entry.getKey();
      Path shard = shard(index, where, entry.getValue());
      Safetensors holder = shards.computeIfAbsent(shard.toString(), s -> Safetensors.open(shard));
      if (!holder.has(entry.getKey())) {
        throw new BadFileException(
            index,
            where,
            "a tensor that lies in " + shard.getFileName(),
            "none there",
            Ranges.FETCH);
      }
      holders.put(entry.getKey(), holder);
    }
    if (holders.isEmpty()) {
      throw new BadFileException(
          index, "weight_map", "an object of tensor names", map.toString(), Ranges.FETCH);
    }
    return holders;
  }

  private static Path shard(Path index, String where, JsonNode name) {
    Path folder = index.getParent();
    String text = name.isTextual() ? name.asText() : "";
    boolean plain = text.matches("[A-Za-z0-9._-]+\\.safetensors");
    if (!plain || !Files.isRegularFile(folder.resolve(text))) {
      throw new BadFileException(
          index,
          where,
          "the name of a .safetensors file in this folder",
          name.toString(),
          "Fetch all shards.");
    }
    return folder.resolve(text);
  }

  @Override
  public Path path() {
    return folder;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(holders.keySet());
  }

  @Override
  public TensorInfo info(String name) {
    return holder(name).info(name);
  }

  @Override
  public void read(String name, long fromElement, float[] into, int at, int count) {
    holder(name).read(name, fromElement, into, at, count);
  }

  @Override
  public void read(String name, long fromElement, FloatBuffer into) {
    holder(name).read(name, fromElement, into);
  }

  @Override
  public long[] integers(String name) {
    return holder(name).integers(name);
  }

  @Override
  public ByteBuffer raw(String name, long fromByte, int length) {
    return holder(name).raw(name, fromByte, length);
  }

  @Override
  public void close() {
    holders.values().forEach(Safetensors::close);
  }

  private Safetensors holder(String name) {
    Safetensors holder = holders.get(name);
    if (holder == null) {
      throw new BadFileException(
          folder, "tensor " + name, "a tensor of that name", "none", "Is this the right model?");
    }
    return holder;
  }
}
