package dev.plumbline.export.base;

import dev.plumbline.torch.checkpoint.Architecture;
import dev.plumbline.torch.checkpoint.Architectures;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A GGUF file of a decoder that the runtime knows, its rows put back into Hugging Face's order. */
public final class GgufBase implements Base {
  private record Place(Weight weight, int layer) {}

  private final Checkpoint checkpoint;
  private final Map<String, Place> places = new LinkedHashMap<>();

  private GgufBase(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    ModelConfig config = checkpoint.config();
    Architecture architecture = Architectures.ofHf(config.architecture()).orElseThrow();
    for (Weight weight : Weight.values()) {
      for (int layer = 0; layer < config.copies(weight); layer++) {
        places.put(architecture.hfName(weight, layer), new Place(weight, layer));
      }
    }
  }

  /** Opens a file; reads no weights. */
  public static GgufBase open(Path file) {
    return new GgufBase(Checkpoint.open(file));
  }

  /** The file as the runtime sees it. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  @Override
  public Path path() {
    return checkpoint.path();
  }

  @Override
  public BaseShape shape() {
    ModelConfig config = checkpoint.config();
    return new BaseShape(
        config.architecture(),
        config.layers(),
        config.hidden(),
        config.vocab(),
        config.tieWordEmbeddings());
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(places.keySet());
  }

  @Override
  public List<Long> shape(String name) {
    return checkpoint.config().shape(place(name).weight);
  }

  @Override
  public TensorType type(String name) {
    return checkpoint.type(place(name).weight, place(name).layer);
  }

  @Override
  public void read(String name, long fromElement, float[] into, int count) {
    checkpoint.read(place(name).weight, place(name).layer, fromElement, into, 0, count);
  }

  private Place place(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException(
          path() + ": wanted a tensor it has, found " + name + "; ask names() first");
    }
    return place;
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
