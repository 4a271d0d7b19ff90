package dev.plumbline.export.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.Names;
import dev.plumbline.torch.checkpoint.file.Safetensors;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import dev.plumbline.torch.checkpoint.file.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes a model folder anew, some tensors changed: the same shards with the same tensors in the
 * same types, configuration and tokenizer beside them. What stays is copied byte by byte.
 *
 * @param base closed by others
 * @param untied whether a head that was the embedding becomes a tensor of its own, with the
 *     embedding as it was
 * @param progress told of every changed tensor
 */
record FolderCopy(FolderBase base, boolean untied, Consumer<String> progress) {
  private static final String CONFIG = "config.json";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String TIED = "tie_word_embeddings";
  private static final int INDEX_BYTES = 32 << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The bytes it will write, weights alone. */
  long bytes() {
    return names().stream().mapToLong(name -> source(name).bytes()).sum();
  }

  /**
   * Fills an empty folder.
   *
   * @param changes what becomes of a tensor; empty where it stays
   * @return what was not copied: files that are neither weights nor of a known kind
   */
  List<String> write(Path folder, Function<String, Optional<SafetensorsWriter.Pieces>> changes) {
    try {
      for (Map.Entry<Path, List<String>> shard : shards().entrySet()) {
        shard(folder, shard.getKey(), shard.getValue(), changes);
      }
      index(folder);
      List<String> left = OtherFiles.copy(base.path(), folder);
      MAPPER.writerWithDefaultPrettyPrinter().writeValue(folder.resolve(CONFIG).toFile(), config());
      return left;
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the model to " + folder, e);
    }
  }

  /** All tensors of the new model, by shard. */
  private Map<Path, List<String>> shards() {
    Map<Path, List<String>> shards = new TreeMap<>();
    for (String name : names()) {
      shards.computeIfAbsent(source(name).file(), file -> new ArrayList<>()).add(name);
    }
    return shards;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(base.names());
    if (untied && !names.contains(Names.HEAD)) {
      names.add(Names.HEAD);
    }
    return names;
  }

  /** Where a tensor's old bytes are: an untied head's are the embedding's. */
  private TensorInfo source(String name) {
    boolean head = untied && name.equals(Names.HEAD);
    return base.tensors().info(head ? Names.EMBEDDING : name);
  }

  private void shard(
      Path folder,
      Path file,
      List<String> names,
      Function<String, Optional<SafetensorsWriter.Pieces>> changes) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors old = Safetensors.open(file)) {
      old.metadata().forEach(writer::metadata);
    }
    for (String name : names) {
      TensorInfo info = source(name);
      Optional<SafetensorsWriter.Pieces> changed = changes.apply(name);
      if (changed.isPresent()) {
        writer.pieces(name, info.type(), info.shape(), told(name, changed.get()));
      } else {
        writer.copy(
            name,
            info.type(),
            info.shape(),
            (from, length) -> base.tensors().raw(info.name(), from, length));
      }
    }
    writer.write(folder.resolve(file.getFileName()));
  }

  private SafetensorsWriter.Pieces told(String name, SafetensorsWriter.Pieces pieces) {
    return (from, into, count) -> {
      if (from == 0) {
        progress.accept(name);
      }
      pieces.read(from, into, count);
    };
  }

  private void index(Path folder) throws IOException {
    Path old = base.path().resolve(INDEX);
    if (!Files.isRegularFile(old)) {
      return;
    }
    ObjectNode index = (ObjectNode) StrictJson.object(old, INDEX_BYTES);
    ObjectNode map = index.withObject("/weight_map");
    for (String name : names()) {
      map.put(name, source(name).file().getFileName().toString());
    }
    index.withObject("/metadata").put("total_size", bytes());
    MAPPER.writerWithDefaultPrettyPrinter().writeValue(folder.resolve(INDEX).toFile(), index);
  }

  private ObjectNode config() {
    ObjectNode config = base.config().deepCopy();
    if (untied) {
      config.put(TIED, false);
    }
    return config;
  }
}
