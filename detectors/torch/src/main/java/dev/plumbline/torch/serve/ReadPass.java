package dev.plumbline.torch.serve;

import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One pass over whole texts, padded on the right. Engine thread only. */
final class ReadPass {
  /** A trial pass reads this; any tokens will do. */
  private static final long[] TRIAL = new long[16];

  private final Decoder decoder;
  private final Watch watch;
  private final Device device;

  ReadPass(Decoder decoder, Watch watch, Device device) {
    this.decoder = decoder;
    this.watch = watch;
    this.device = device;
  }

  /** Sees whether the device reads again. */
  void trial() {
    device.trial(TRIAL.length, () -> forward(new long[][] {TRIAL}, List.of(Optional.empty())));
  }

  /**
   * Reads texts and hands each its readouts.
   *
   * @throws DeviceException whatever failed; no text has been told then
   */
  void read(List<ReadJob> texts) {
    int t = texts.stream().mapToInt(job -> job.tokens().length).max().orElseThrow();
    int fresh = texts.stream().mapToInt(job -> job.tokens().length).sum();
    long[][] tokens = new long[texts.size()][];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = Arrays.copyOf(texts.get(i).tokens(), t);
    }
    double[][] all = new double[1][];
    List<Optional<String>> adapters = texts.stream().map(ReadJob::adapter).toList();
    device.run(tokens.length, t, fresh, () -> all[0] = forward(tokens, adapters));
    hand(texts, all[0], t);
  }

  private double[] forward(long[][] tokens, List<Optional<String>> adapters) {
    try (AdapterBank.Worn worn = decoder.adapters().worn(adapters);
        Pass pass = decoder.forward(tokens, null, watch, null, worn, Decoder.Logits.NONE)) {
      return pass.readouts();
    }
  }

  private void hand(List<ReadJob> texts, double[] all, int t) {
    int k = watch == null ? 0 : watch.readouts();
    for (int i = 0; i < texts.size(); i++) {
      ReadJob job = texts.get(i);
      double[][] values = new double[Math.max(0, job.tokens().length - job.from())][];
      for (int p = 0; p < values.length; p++) {
        int at = (i * t + job.from() + p) * k;
        values[p] = Arrays.copyOfRange(all, at, at + k);
      }
      job.result().complete(values);
    }
  }
}
