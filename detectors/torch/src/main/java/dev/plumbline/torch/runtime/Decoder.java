package dev.plumbline.torch.runtime;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.program.DecoderScript;
import dev.plumbline.torch.program.ScriptModule;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A decoder on a device: one call runs all layers over a batch of tokens, reads what a {@link
 * Watch} asks for and applies what {@link Edits} say at every point of the residual stream.
 *
 * <p>Not thread-safe: one thread at a time. Owns its weights, freed by {@link #close}. Results are
 * closed by the caller.
 */
public final class Decoder implements AutoCloseable {
  private static final int HEAD = 2;
  private static final int FIRST_LAYER = 5;
  private static final int PER_LAYER = 10;
  private static final int QKV = FIRST_LAYER + 1;
  private static final int OUT = FIRST_LAYER + 4;
  private static final int GATE_UP = FIRST_LAYER + 7;
  private static final int DOWN = FIRST_LAYER + 8;

  private final AtomicInteger openPasses = new AtomicInteger();
  private final PtNDManager manager;
  private final DecoderScript shape;
  private final Precision precision;
  private final int vocabulary;
  private final int positions;
  private final ScriptModule module;
  private final Native natives;
  private final PtNDArray[] weights;
  private final AdapterBank adapters;
  private final long inner;
  private boolean thawed;
  private boolean packed;

  Decoder(
      PtNDManager manager,
      ScriptModule module,
      Native natives,
      DecoderScript shape,
      Precision precision,
      int vocabulary,
      int positions,
      PtNDArray[] weights) {
    this.manager = manager;
    this.module = module;
    this.natives = natives;
    this.shape = shape;
    this.precision = precision;
    this.vocabulary = vocabulary;
    this.positions = positions;
    this.weights = weights;
    this.inner = weights[GATE_UP + 1].getShape().get(1);
    this.adapters = new AdapterBank(manager, natives, precision, shape.layers());
    attach();
  }

  private void attach() {
    try (IValue list = IValue.listFrom(weights)) {
      module.call("attach", list).close();
    }
  }

  /**
   * Makes the weights fit for autograd. Calls of the program run in libtorch's inference mode, and
   * the tensors they make cannot be saved for a backward pass; copies made outside it can.
   */
  void thaw() {
    requirePlain();
    if (thawed) {
      return;
    }
    PtNDArray[] old = weights.clone();
    for (int i = 0; i < weights.length; i++) {
      if (i == 2 && old[2] == old[0]) {
        weights[2] = weights[0];
      } else if (weights[i].size() > 0) {
        weights[i] = (PtNDArray) old[i].duplicate();
      }
    }
    attach();
    for (int i = 0; i < old.length; i++) {
      if (old[i] != weights[i]) {
        old[i].close();
      }
    }
    thawed = true;
  }

  /** The sizes of this model. */
  public DecoderScript shape() {
    return shape;
  }

  public Precision precision() {
    return precision;
  }

  /** V. */
  public int vocabulary() {
    return vocabulary;
  }

  /** The longest sequence this decoder was loaded for, in tokens. */
  public int positions() {
    return positions;
  }

  /** The adapters loaded on this base. */
  public AdapterBank adapters() {
    return adapters;
  }

  /** Passes whose results are still open; 0 when nothing leaks. */
  public int openPasses() {
    return openPasses.get();
  }

  /** A compiled watch: whole states at {@code taps}, numbers for {@code readouts}. */
  public Watch watch(List<TapPoint> taps, List<Readout> readouts) {
    return new Watch(manager, natives, shape.layers(), shape.hidden(), taps, readouts);
  }

  /** Compiled interventions, one plan a row. */
  public Edits edits(List<InterventionPlan> rows) {
    return new Edits(manager, natives, precision, shape.layers(), shape.hidden(), rows);
  }

  /** An empty cache for rows that begin with {@code pad[b]} columns of padding. */
  public KvCache cache(long[] pad, int columns) {
    long[] row = {shape.layers(), shape.kvHeads(), shape.headDim()};
    return new KvCache(manager, module, natives, precision, row, pad, columns);
  }

  /** Which logits a pass computes. */
  public enum Logits {
    NONE,
    LAST,
    ALL
  }

  /**
   * Runs the layers.
   *
   * @param tokens {@code [B,T]}; after padding columns where the cache has them
   * @param cache written at its end and advanced; null for a pass that keeps nothing (rows are then
   *     padded on the right, which causal attention never sees)
   */
  public Pass forward(
      long[][] tokens,
      KvCache cache,
      Watch watch,
      Edits edits,
      AdapterBank.Worn worn,
      Logits logits) {
    int start = cache == null ? 0 : cache.used();
    int t = tokens[0].length;
    requireRoom(start + t);
    PtNDManager scratch = (PtNDManager) manager.newSubManager();
    try {
      Arguments arguments = new Arguments(scratch, tokens, cache, watch, edits, worn, logits);
      try (arguments;
          IValue result = module.call("forward", arguments.values())) {
        if (cache != null) {
          cache.advance(t);
        }
        openPasses.incrementAndGet();
        return new Pass(this, scratch, natives, result.toIValueTuple(), watch, tokens.length, t);
      }
    } catch (RuntimeException | Error e) {
      scratch.close();
      throw e;
    }
  }

  void closed() {
    openPasses.decrementAndGet();
  }

  private void requireRoom(int needed) {
    if (needed > positions) {
      throw new IllegalArgumentException(
          "sequence: wanted at most "
              + positions
              + " tokens, found "
              + needed
              + "; shorten it or load the model with more positions");
    }
  }

  /** The arguments of one call, closed after it. */
  private final class Arguments implements AutoCloseable {
    private final IValue[] own;
    private final IValue[] all;

    Arguments(
        PtNDManager scratch,
        long[][] tokens,
        KvCache cache,
        Watch watch,
        Edits edits,
        AdapterBank.Worn worn,
        Logits logits) {
      int b = tokens.length;
      int t = tokens[0].length;
      int start = cache == null ? 0 : cache.used();
      if (cache != null) {
        cache.reserve(t);
      }
      boolean padded = cache != null && cache.padded();
      long[] pad = cache == null ? new long[b] : cache.pad();
      float[] where = edits == null || !edits.any() ? null : edits.where(start, t, pad);
      own =
          new IValue[] {
            IValue.from(natives.longs(scratch, flat(tokens, t), b, t)),
            IValue.from((long) start),
            IValue.from(natives.longs(scratch, pad, b)),
            IValue.from(padded),
            IValue.listFrom(flags(watch, edits)),
            IValue.from(
                where == null
                    ? natives.nothing()
                    : natives.cast(scratch, where, precision, b, t, 1)),
            IValue.from(worn != null && worn.any()),
            IValue.from((long) logits.ordinal())
          };
      all =
          new IValue[] {
            own[0],
            own[1],
            own[2],
            own[3],
            cache == null ? natives.nothingValue() : cache.value(),
            own[4],
            watch == null ? natives.noneListed() : watch.heads(),
            edits == null ? natives.noneListed() : edits.compiled(),
            own[5],
            worn == null ? natives.noneListed() : worn.lora(),
            worn == null ? natives.nothingValue() : worn.mask(),
            own[6],
            own[7]
          };
    }

    IValue[] values() {
      return all;
    }

    @Override
    public void close() {
      for (IValue value : own) {
        value.close();
      }
    }
  }

  long[] flags(Watch watch, Edits edits) {
    long[] flags = new long[shape.streamPoints()];
    for (int s = 0; s < flags.length; s++) {
      flags[s] = (watch == null ? 0 : watch.flag(s)) | (edits == null ? 0 : edits.flag(s));
    }
    return flags;
  }

  private static long[] flat(long[][] tokens, int t) {
    long[] flat = new long[tokens.length * t];
    for (int row = 0; row < tokens.length; row++) {
      if (tokens[row].length != t) {
        throw new IllegalArgumentException(
            "batch: wanted rows of " + t + " tokens, found " + tokens[row].length + "; pad them");
      }
      System.arraycopy(tokens[row], 0, flat, row * t, t);
    }
    return flat;
  }

  /**
   * Draws one token a row from {@code logits [B,V]}.
   *
   * @param u each row's random number in [0,1)
   * @throws IllegalArgumentException if a row's logits are not finite
   */
  long[] sample(NDArray logits, Sampling[] rows, double[] u) {
    int b = rows.length;
    float[] temperature = new float[b];
    float[] topP = new float[b];
    boolean greedy = true;
    boolean nucleus = false;
    for (int i = 0; i < b; i++) {
      temperature[i] = (float) rows[i].temperature();
      topP[i] = (float) rows[i].topP();
      greedy &= rows[i].temperature() == 0;
      nucleus |= rows[i].topP() < 1;
    }
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue x = IValue.from((PtNDArray) logits);
        IValue temperatures = IValue.from(natives.floats(scratch, temperature, b));
        IValue masses = IValue.from(natives.floats(scratch, topP, b));
        IValue draws = IValue.from((PtNDArray) scratch.create(u));
        IValue allGreedy = IValue.from(greedy);
        IValue anyNucleus = IValue.from(nucleus);
        IValue result =
            module.call("sample", x, temperatures, masses, draws, allGreedy, anyNucleus)) {
      return drawn(Host.longs(result.toTensor(scratch)));
    }
  }

  private static long[] drawn(long[] tokens) {
    for (int row = 0; row < tokens.length; row++) {
      Check.that(
          tokens[row] >= 0,
          "logits of row " + row,
          "finite numbers",
          "NaN or infinite ones",
          "check the weights, or read in float32");
    }
    return tokens;
  }

  /**
   * Lays the matrices out as this device's kernels want them; from here on the decoder serves and
   * cannot be trained. On the CPU one product in bfloat16 or over a few tokens becomes about twice
   * as fast; elsewhere, and on processors without such kernels, this changes nothing.
   *
   * <p>A tied head becomes a copy: V·D values more.
   */
  public void freeze() {
    if (packed || manager.getDevice().isGpu() || !canPack()) {
      return;
    }
    packed = true;
    pack(HEAD);
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (int first : new int[] {QKV, OUT, GATE_UP, DOWN}) {
        pack(first + layer * PER_LAYER);
      }
    }
  }

  /** Tries the first layer's output matrix, the smallest; an engine without the kernels refuses. */
  private boolean canPack() {
    if (precision == Precision.FLOAT16) {
      return false;
    }
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue weight = IValue.from(weights[OUT]);
        IValue result = module.call("packs", weight)) {
      return result.toTensor(scratch).getShape().dimension() > 0;
    } catch (EngineException e) {
      return false;
    }
  }

  private void pack(int index) {
    try (IValue at = IValue.from((long) index)) {
      module.call("pack", at).close();
    }
    if (weights[index] != weights[0]) {
      weights[index].close();
    }
  }

  /** F, the width of the MLP. */
  long inner() {
    return inner;
  }

  /** What this decoder's weights allow on this machine; closed by the caller. */
  public WeightProbe probe() {
    return new WeightProbe(this);
  }

  /** Trains all weights; see {@link Trainable}. One trainable of a decoder at a time. */
  public Trainable trainable() {
    return new Trainable(this);
  }

  /** Trains an adapter that starts as {@code initial}; this decoder's own weights stay frozen. */
  public Trainable trainable(LoraWeights initial) {
    return new Trainable(this, Trainee.adapter(initial), true);
  }

  /**
   * Trains what {@code trainee} says; this decoder's own weights stay frozen. The same steps from
   * the same {@link TrainingState} come to the same bytes, on the CPU with as many threads.
   */
  public Trainable trainable(Trainee trainee) {
    return new Trainable(this, trainee, false);
  }

  /**
   * The log-probabilities of the next token by the bare weights, without adapter and edits.
   *
   * @param tokens {@code [B,T]}, padded on the right
   * @param index flat positions {@code b·T+t}, {@code [M]}
   * @return {@code [M,V]} row-major, in nats
   */
  public float[] logProbabilities(long[][] tokens, long[] index) {
    int t = tokens[0].length;
    requireRoom(t);
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue x = IValue.from(natives.longs(scratch, flat(tokens, t), tokens.length, t));
        IValue where = IValue.from(natives.longs(scratch, index, index.length));
        IValue result =
            module.call("logp", x, where, natives.noneListed(), natives.nothingValue())) {
      return Host.floats(result.toTensor(scratch));
    }
  }

  /**
   * Texts to be read for their next tokens, as often as wanted, under adapters and edits.
   *
   * @param tokens {@code [B,T]}, padded on the right
   * @param index flat positions {@code b·T+t} whose next token is meant, {@code [M]}
   */
  public TokenReading read(long[][] tokens, long[] index) {
    requireRoom(tokens[0].length);
    return new TokenReading(this, tokens, flat(tokens, tokens[0].length), index);
  }

  /**
   * Cross-entropy of each target, in nats, {@code [M]}; see {@link TokenReading#losses}.
   *
   * @param edits null for none
   * @param worn null for none
   */
  public double[] tokenLosses(
      long[][] tokens, long[] index, long[] target, Edits edits, AdapterBank.Worn worn) {
    try (TokenReading reading = read(tokens, index)) {
      return reading.losses(target, edits, worn);
    }
  }

  /** KL(bare weights ‖ under adapter and edits) at each position, in nats, {@code [M]}. */
  public double[] tokenDivergence(
      long[][] tokens, long[] index, Edits edits, AdapterBank.Worn worn) {
    try (TokenReading reading = read(tokens, index)) {
      return reading.divergences(edits, worn);
    }
  }

  PtNDManager manager() {
    return manager;
  }

  Native natives() {
    return natives;
  }

  PtNDArray[] weights() {
    requirePlain();
    return weights;
  }

  private void requirePlain() {
    if (packed) {
      throw new IllegalStateException(
          "weights: wanted a decoder that was not frozen, found one that serves; load another to"
              + " train or export");
    }
  }

  NDArray differentiable(String method, NDList arguments) {
    return module.differentiable(method, arguments);
  }

  IValue call(String method, IValue... arguments) {
    return module.call(method, arguments);
  }

  @Override
  public void close() {
    adapters.close();
    manager.close();
  }
}
