package dev.plumbline.agent.embedded;

import ai.djl.ndarray.NDManager;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.serve.Engine;
import java.lang.reflect.Field;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The engines of the command, and how many of the models they loaded still hold native memory. */
public final class CountedReader {
  private final List<Decoder> made = new CopyOnWriteArrayList<>();

  /** The engines to count. */
  public Engines engines() {
    return new TorchEngines(
        (decoder, readouts, limits) -> {
          made.add(decoder);
          return new Engine(decoder, readouts, limits);
        });
  }

  /** Models loaded so far. */
  public int loaded() {
    return made.size();
  }

  /** Those whose arrays are not freed. */
  public int open() {
    return (int) made.stream().filter(decoder -> manager(decoder).isOpen()).count();
  }

  /** Passes of all whose results are not freed. */
  public int passes() {
    return made.stream().mapToInt(Decoder::openPasses).sum();
  }

  private static NDManager manager(Decoder decoder) {
    try {
      Field manager = Decoder.class.getDeclaredField("manager");
      manager.setAccessible(true);
      return (NDManager) manager.get(decoder);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("a decoder's arrays are no longer those of its manager", e);
    }
  }
}
