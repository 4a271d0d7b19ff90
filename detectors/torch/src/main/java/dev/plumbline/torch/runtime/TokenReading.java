package dev.plumbline.torch.runtime;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;

/**
 * Texts on the device and what the model expects after each of M positions in them, under adapters
 * and edits that change from call to call. Only one number a position leaves the device: the final
 * states {@code [M,D]} are turned into log-probabilities over V some rows at a time, in float64
 * from the logits on.
 *
 * <p>The decoder's thread only; closed by its maker, before the decoder. Cost of a call: one
 * forward pass over the texts and M head products; a divergence takes 2M, and the first one a
 * second pass.
 */
public final class TokenReading implements AutoCloseable {
  /** Log-probabilities that stand at a time. */
  private static final int CELLS = 4 << 20;

  private final Decoder decoder;
  private final PtNDManager manager;
  private final int rows;
  private final int columns;
  private final int positions;
  private final IValue tokens;
  private final IValue index;
  private PtNDArray reference;

  TokenReading(Decoder decoder, long[][] tokens, long[] flat, long[] index) {
    for (long position : index) {
      if (position < 0 || position >= flat.length) {
        throw new IllegalArgumentException(
            "reading: wanted positions below "
                + flat.length
                + ", found "
                + position
                + "; give them as row times columns plus column");
      }
    }
    if (index.length == 0) {
      throw new IllegalArgumentException(
          "reading: wanted positions to read at, found none; leave such texts out");
    }
    this.decoder = decoder;
    this.manager = (PtNDManager) decoder.manager().newSubManager();
    this.rows = tokens.length;
    this.columns = tokens[0].length;
    this.positions = index.length;
    Native natives = decoder.natives();
    this.tokens = IValue.from(natives.longs(manager, flat, rows, columns));
    this.index = IValue.from(natives.longs(manager, index, positions));
  }

  /**
   * −log of the probability of each target, in nats, {@code [M]}; infinite where it has none.
   *
   * @param target the next tokens, {@code [M]}
   * @param edits one plan a row; null for none
   * @param worn what the rows wear; null for the bare weights
   */
  public double[] losses(long[] target, Edits edits, AdapterBank.Worn worn) {
    if (target.length != positions) {
      throw new IllegalArgumentException(
          "reading: wanted " + positions + " targets, found " + target.length + "; give one each");
    }
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue wanted = IValue.from(decoder.natives().longs(scratch, target, positions));
        IValue ends = IValue.from(ends(scratch, edits, worn));
        IValue chunk = IValue.from(chunk());
        IValue result = decoder.call("target_logp", ends, wanted, chunk)) {
      double[] values = Host.doubles(result.toTensor(scratch));
      for (int i = 0; i < values.length; i++) {
        values[i] = 0 - values[i];
      }
      return values;
    }
  }

  /**
   * KL(reference ‖ this) at each position, in nats a token, {@code [M]}: never negative, finite for
   * cells of no probability, NaN where the model's logits are. The reference is the bare model, or
   * what {@link #refer} was told.
   */
  public double[] divergences(Edits edits, AdapterBank.Worn worn) {
    if (reference == null) {
      refer(null, null);
    }
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue base = IValue.from(reference);
        IValue ends = IValue.from(ends(scratch, edits, worn));
        IValue chunk = IValue.from(chunk());
        IValue result = decoder.call("token_kl", base, ends, chunk)) {
      return Host.doubles(result.toTensor(scratch));
    }
  }

  /** Makes the model under these the reference of {@link #divergences}; {@code [M,D]} is kept. */
  public void refer(Edits edits, AdapterBank.Worn worn) {
    PtNDArray ends = ends(manager, edits, worn);
    if (reference != null) {
      reference.close();
    }
    reference = ends;
  }

  private long chunk() {
    return Math.max(1, CELLS / decoder.vocabulary());
  }

  private PtNDArray ends(PtNDManager into, Edits edits, AdapterBank.Worn worn) {
    Native natives = decoder.natives();
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue pad = IValue.from(natives.longs(scratch, new long[rows], rows));
        IValue flags = IValue.listFrom(decoder.flags(null, edits));
        IValue where = IValue.from(where(scratch, edits));
        IValue adapted = IValue.from(worn != null && worn.any());
        IValue result =
            decoder.call(
                "ends",
                tokens,
                index,
                pad,
                flags,
                edits == null ? natives.noneListed() : edits.compiled(),
                where,
                worn == null ? natives.noneListed() : worn.lora(),
                worn == null ? natives.nothingValue() : worn.mask(),
                adapted)) {
      return result.toTensor(into);
    }
  }

  private PtNDArray where(PtNDManager scratch, Edits edits) {
    float[] mask = edits == null || !edits.any() ? null : edits.where(0, columns, new long[rows]);
    Native natives = decoder.natives();
    return mask == null
        ? natives.nothing()
        : natives.cast(scratch, mask, decoder.precision(), rows, columns, 1);
  }

  @Override
  public void close() {
    tokens.close();
    index.close();
    manager.close();
  }
}
