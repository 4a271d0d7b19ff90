package dev.plumbline.torch.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The adapters loaded on one base. A batch may mix them: the low-rank factors of all that are worn
 * in it stand side by side, and a mask per row picks (and scales) its own.
 *
 * <p>One thread at a time. Native copies are kept per set of adapters worn together.
 */
public final class AdapterBank implements AutoCloseable {
  /** What training may put behind the factors: a scale, and two tensors a layer. */
  private static final int TRAINED_PLACES = 2;

  private final PtNDManager manager;
  private final Native natives;
  private final Precision precision;
  private final int layers;
  private final Map<String, LoraWeights> adapters = new LinkedHashMap<>();
  private final Map<Set<String>, IValue> stacked = new LinkedHashMap<>();

  AdapterBank(PtNDManager parent, Native natives, Precision precision, int layers) {
    this.manager = (PtNDManager) parent.newSubManager();
    this.natives = natives;
    this.precision = precision;
    this.layers = layers;
  }

  /** Makes an adapter available under a name; a taken name is refused. */
  public void add(String name, LoraWeights weights) {
    if (adapters.putIfAbsent(name, weights) != null) {
      throw new IllegalArgumentException(
          "adapter '" + name + "': wanted a new name, found one that is loaded; choose another");
    }
  }

  public Set<String> names() {
    return Set.copyOf(adapters.keySet());
  }

  /** What the rows of a batch wear. Closed by the caller. */
  public Worn worn(List<Optional<String>> rows) {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> row.ifPresent(names::add));
    if (names.isEmpty()) {
      return new Worn(natives.noneListed(), natives.nothingValue(), false, () -> {});
    }
    names.forEach(this::require);
    IValue lora = stacked.computeIfAbsent(names, this::stack);
    PtNDManager scratch = (PtNDManager) manager.newSubManager();
    PtNDArray mask = mask(scratch, rows, new ArrayList<>(keyOf(names)));
    IValue value = IValue.from(mask);
    return new Worn(
        lora,
        value,
        true,
        () -> {
          value.close();
          scratch.close();
        });
  }

  /**
   * What a batch wears whose rows all wear one adapter, each at its own strength: the change of
   * every product is {@code strengths[b] · scale · B(A x)}. Not kept; closed by the caller.
   *
   * @param strengths a row's factor, {@code [B]}; 0 leaves the row as the bare weights do
   */
  public Worn worn(LoraWeights weights, double[] strengths) {
    PtNDManager scratch = (PtNDManager) manager.newSubManager();
    IValue lora = stack(scratch, List.of(weights));
    IValue value = IValue.from(mask(scratch, weights, strengths));
    return new Worn(
        lora,
        value,
        true,
        () -> {
          lora.close();
          value.close();
          scratch.close();
        });
  }

  private PtNDArray mask(PtNDManager into, LoraWeights weights, double[] strengths) {
    int rank = weights.rank();
    float[] mask = new float[strengths.length * rank];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (float) (strengths[i / rank] * weights.scale());
    }
    return natives.cast(into, mask, precision, strengths.length, 1, rank);
  }

  private Set<String> keyOf(Set<String> names) {
    return stacked.keySet().stream().filter(names::equals).findFirst().orElseThrow();
  }

  private void require(String name) {
    if (!adapters.containsKey(name)) {
      throw new IllegalArgumentException(
          "adapter: wanted one of " + adapters.keySet() + ", found '" + name + "'; load it first");
    }
  }

  private PtNDArray mask(PtNDManager into, List<Optional<String>> rows, List<String> names) {
    int total = names.stream().mapToInt(n -> adapters.get(n).rank()).sum();
    float[] mask = new float[rows.size() * total];
    for (int row = 0; row < rows.size(); row++) {
      int at = row * total;
      for (String name : names) {
        LoraWeights weights = adapters.get(name);
        boolean mine = rows.get(row).filter(name::equals).isPresent();
        for (int k = 0; k < weights.rank(); k++) {
          mask[at++] = mine ? (float) weights.scale() : 0;
        }
      }
    }
    return natives.cast(into, mask, precision, rows.size(), 1, total);
  }

  private IValue stack(Set<String> names) {
    return stack(manager, names.stream().map(adapters::get).toList());
  }

  private IValue stack(PtNDManager into, List<LoraWeights> worn) {
    List<PtNDArray> tensors = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (LoraSlot slot : LoraSlot.values()) {
        LoraWeights.Key key = new LoraWeights.Key(layer, slot);
        stack(into, worn, weights -> weights.parts().get(key), tensors);
      }
    }
    if (worn.stream().anyMatch(weights -> weights.embedding().isPresent())) {
      for (int place = 0; place <= TRAINED_PLACES * layers; place++) {
        tensors.add(natives.nothing());
      }
      embedding(into, worn, tensors);
    }
    return IValue.listFrom(tensors.toArray(PtNDArray[]::new));
  }

  /** The program looks tokens up, so A stands as {@code [V,r]}. */
  private void embedding(PtNDManager into, List<LoraWeights> worn, List<PtNDArray> tensors) {
    List<PtNDArray> factors = new ArrayList<>();
    stack(into, worn, weights -> weights.embedding().orElse(null), factors);
    try (PtNDArray a = factors.get(0);
        IValue wide = IValue.from(a);
        IValue rows = natives.call("turned", wide)) {
      tensors.add(rows.toTensor(into));
    }
    tensors.add(factors.get(1));
  }

  private void stack(
      PtNDManager into,
      List<LoraWeights> worn,
      Function<LoraWeights, LoraWeights.Part> partOf,
      List<PtNDArray> tensors) {
    int total = worn.stream().mapToInt(LoraWeights::rank).sum();
    Optional<LoraWeights.Part> any = worn.stream().map(partOf).filter(p -> p != null).findFirst();
    if (any.isEmpty()) {
      tensors.add(natives.nothing());
      tensors.add(natives.nothing());
      return;
    }
    int in = any.get().in();
    int out = any.get().out();
    float[] a = new float[total * in];
    float[] b = new float[out * total];
    int column = 0;
    for (LoraWeights weights : worn) {
      LoraWeights.Part part = partOf.apply(weights);
      if (part != null) {
        place(part, column, total, a, b);
      }
      column += weights.rank();
    }
    tensors.add(natives.cast(into, a, precision, total, in));
    tensors.add(natives.cast(into, b, precision, out, total));
  }

  private static void place(LoraWeights.Part part, int column, int total, float[] a, float[] b) {
    System.arraycopy(part.a(), 0, a, column * part.in(), part.a().length);
    for (int o = 0; o < part.out(); o++) {
      System.arraycopy(part.b(), o * part.rank(), b, o * total + column, part.rank());
    }
  }

  /** What a batch wears: shared factors and its own mask. */
  public static final class Worn implements AutoCloseable {
    private final IValue lora;
    private final IValue mask;
    private final boolean any;
    private final Runnable release;

    Worn(IValue lora, IValue mask, boolean any, Runnable release) {
      this.lora = lora;
      this.mask = mask;
      this.any = any;
      this.release = release;
    }

    IValue lora() {
      return lora;
    }

    IValue mask() {
      return mask;
    }

    boolean any() {
      return any;
    }

    @Override
    public void close() {
      release.run();
    }
  }

  @Override
  public void close() {
    stacked.values().forEach(IValue::close);
    manager.close();
  }
}
