package dev.plumbline.export.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.base.Layout;
import dev.plumbline.export.base.Names;
import dev.plumbline.export.base.Products;
import dev.plumbline.export.base.Role;
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
import java.util.function.ToDoubleFunction;

/**
 * Writes a model folder anew with a direction taken out of every residual writer: the same shards
 * with the same tensors in the same types, configuration and tokenizer beside them. Tensors that
 * stay are copied byte by byte. A tied head is untied: it keeps the embedding as it was, as the
 * head of a forward pass that ablates does.
 *
 * <p>At once there are one piece of a tensor and two of its sides in memory: {@link #heapBound}.
 */
public final class CheckpointExport {
  private static final String CONFIG = "config.json";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String TIED = "tie_word_embeddings";
  private static final int INDEX_BYTES = 32 << 20;
  private static final int ROUNDING_BYTES_OF_A_SIDE = 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final FolderBase base;
  private final Map<String, Role> roles;
  private final HeapMeter heap;
  private final Consumer<String> progress;

  /**
   * Works on a base that others close.
   *
   * @param progress told of every changed tensor
   */
  public CheckpointExport(FolderBase base, HeapMeter heap, Consumer<String> progress) {
    this.base = base;
    this.roles = Layout.of(base);
    this.heap = heap;
    this.progress = progress;
  }

  /** The most bytes of weights held at once, from the base's shapes alone. */
  public long heapBound() {
    long longest = 0;
    long widest = 0;
    for (String name : roles.keySet()) {
      List<Long> shape = base.shape(name);
      for (long side : shape) {
        longest = Math.max(longest, side);
      }
      widest = Math.max(widest, shape.get(shape.size() - 1));
    }
    return 4 * Math.max(Products.PIECE, widest) + ROUNDING_BYTES_OF_A_SIDE * longest;
  }

  /** The bytes it will write, weights alone. */
  public long bytes() {
    long bytes = 0;
    for (String name : names()) {
      bytes += source(name).bytes();
    }
    return bytes;
  }

  /** The tensors a strength changes, in order. */
  public List<String> changed(ToDoubleFunction<TapPoint> strength) {
    return roles.entrySet().stream()
        .filter(entry -> strengthOf(entry.getValue(), strength) != 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  static double strengthOf(Role role, ToDoubleFunction<TapPoint> strength) {
    if (role instanceof Role.Embedding) {
      return strength.applyAsDouble(TapPoint.EMBED);
    }
    if (role instanceof Role.Writer writer) {
      return strength.applyAsDouble(writer.point());
    }
    return role instanceof Role.WriterBias bias ? strength.applyAsDouble(bias.point()) : 0;
  }

  /**
   * Fills a folder.
   *
   * @param folder empty
   * @param strength α by the tap point after a writer, 0 to 2
   * @return what was not copied: files that are neither weights nor of a known kind
   */
  public List<String> write(Path folder, Direction direction, ToDoubleFunction<TapPoint> strength) {
    try {
      Orthogonalised weights = new Orthogonalised(base, heap, direction, strength);
      for (Map.Entry<Path, List<String>> shard : shards().entrySet()) {
        shard(folder, shard.getKey(), shard.getValue(), weights);
      }
      index(folder);
      List<String> left = OtherFiles.copy(base.path(), folder);
      MAPPER.writerWithDefaultPrettyPrinter().writeValue(folder.resolve(CONFIG).toFile(), config());
      return left;
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the model to " + folder, e);
    }
  }

  private boolean untied() {
    return base.shape().tied();
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
    if (untied() && !names.contains(Names.HEAD)) {
      names.add(Names.HEAD);
    }
    return names;
  }

  /** Where a tensor's old bytes are: an untied head's are the embedding's. */
  private TensorInfo source(String name) {
    boolean head = untied() && name.equals(Names.HEAD);
    return base.tensors().info(head ? Names.EMBEDDING : name);
  }

  private void shard(Path folder, Path file, List<String> names, Orthogonalised weights) {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors old = Safetensors.open(file)) {
      old.metadata().forEach(writer::metadata);
    }
    for (String name : names) {
      TensorInfo info = source(name);
      Role role = roles.getOrDefault(name, new Role.BareReader());
      Optional<SafetensorsWriter.Pieces> changed = weights.of(name, role);
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
    if (untied()) {
      config.put(TIED, false);
    }
    return config;
  }
}
