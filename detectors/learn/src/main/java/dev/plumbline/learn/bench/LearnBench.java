package dev.plumbline.learn.bench;

import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.torch.bench.HostFacts;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderExport;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * From answers to a finished direction, here and in Python, in turns: reading the residual stream
 * after every block, per-class sums, the mean difference everywhere, the whitened direction and the
 * grouped probe at the middle layer; and the latter three on synthetic states. One thread of
 * control; both sides may use as many threads for products.
 */
final class LearnBench {
  /** Both sides' directions are the same from here on. */
  static final double AGREEMENT = 0.999;

  /**
   * What to measure.
   *
   * @param pairs of interleaved runs over all answers
   * @param threads of both sides
   * @param python the interpreter; empty for this side alone
   * @param commit of the sources, for the file
   */
  record Options(int pairs, int threads, Optional<Path> python, String commit) {
    Options {
      if (pairs < 1 || threads < 1) {
        throw new IllegalArgumentException(
            "bench learn: wanted a pair and a thread at least, found "
                + pairs
                + " and "
                + threads
                + "; correct the options");
      }
    }
  }

  private final BenchData data;
  private final Options options;
  private final Consumer<String> progress;

  LearnBench(BenchData data, Options options, Consumer<String> progress) {
    this.data = data;
    this.options = options;
    this.progress = progress;
    TorchRuntime.start().threads(options.threads());
  }

  /**
   * Measures.
   *
   * @param decoder loaded, not yet frozen: its weights are written for Python, then frozen; the
   *     caller's
   * @param config of its checkpoint
   */
  LearnReport run(Decoder decoder, ModelConfig config) {
    int layers = decoder.shape().layers();
    int room = ActivationCollector.room(layers, decoder.shape().hidden());
    boolean synthetic = data.synthetic() > 0;
    boolean real = !data.answers().isEmpty();
    if (real) {
      data.write(Side.Part.ANSWERS, Map.of("tap", JavaSide.tap(decoder), "room", room));
    }
    if (synthetic) {
      progress.accept("synthetic states");
      SyntheticStates.write(data);
      data.write(
          Side.Part.SYNTHETIC,
          Map.of("width", data.width(), "tokens", BenchData.TOKENS, "block", BenchData.BLOCK));
    }
    if (real && options.python().isPresent()) {
      DecoderExport.write(decoder, config, data.folder().resolve("model"), TensorType.F32);
    }
    decoder.freeze();
    Map<String, String> versions = new TreeMap<>();
    List<LearnReport.Part> parts = new ArrayList<>();
    try (JavaSide ours = new JavaSide(data, decoder);
        PythonSide python = options.python().map(path -> python(path, decoder)).orElse(null)) {
      if (python != null) {
        versions.putAll(python.versions());
      }
      int width = decoder.shape().hidden();
      if (real) {
        parts.add(part(Side.Part.ANSWERS, ours, python, width, layers, floor(decoder)));
      }
      if (synthetic) {
        parts.add(part(Side.Part.SYNTHETIC, ours, python, data.width(), 1, floor()));
      }
    }
    HostFacts host = HostFacts.here(options.commit(), Clock.systemUTC());
    return new LearnReport(parts, host, versions, notes(decoder, versions.isEmpty()));
  }

  private PythonSide python(Path path, Decoder decoder) {
    return new PythonSide(path, data.folder(), options.threads(), decoder.precision().wireName());
  }

  /** Of the tokens that had to go through the layers. */
  private static ToDoubleFunction<SideRun> floor(Decoder decoder) {
    return run -> LearnFloor.reading(decoder, run.forwarded());
  }

  private ToDoubleFunction<SideRun> floor() {
    return run -> LearnFloor.covariance(run.states(), data.width());
  }

  /** A quarter and half of the answers, which also warm both sides up, then all in pairs. */
  private LearnReport.Part part(
      Side.Part part,
      Side ours,
      Side python,
      int width,
      int points,
      ToDoubleFunction<SideRun> floor) {
    int all = data.count(part);
    List<LearnReport.Pair> sizes = new ArrayList<>();
    for (int n : BenchData.sizes(all)) {
      sizes.add(pair(part, ours, python, n, sizes.size(), floor));
    }
    List<LearnReport.Pair> pairs = new ArrayList<>(sizes.subList(2, 3));
    while (pairs.size() < options.pairs()) {
      pairs.add(pair(part, ours, python, all, pairs.size() + 2, floor));
    }
    String name = part.name().toLowerCase(Locale.ROOT);
    return new LearnReport.Part(name, all, width, points, pairs, sizes);
  }

  private LearnReport.Pair pair(
      Side.Part part, Side ours, Side python, int n, int turn, ToDoubleFunction<SideRun> floor) {
    progress.accept(part + ", " + n + " answers");
    SideRun theirs = python != null && turn % 2 == 1 ? python.run(part, n) : null;
    SideRun own = ours.run(part, n);
    theirs = python != null && theirs == null ? python.run(part, n) : theirs;
    progress.accept(
        String.format(Locale.ROOT, "  %.2f s", own.total())
            + (theirs == null
                ? ""
                : String.format(Locale.ROOT, ", Python %.2f s", theirs.total())));
    return new LearnReport.Pair(n, own, theirs, floor.applyAsDouble(own));
  }

  private List<String> notes(Decoder decoder, boolean alone) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "both sides: "
            + decoder.precision().wireName()
            + ", "
            + options.threads()
            + " threads, the same tokens, mask and batches by length; loading and tokenising not"
            + " counted; sums in float64; covariance and probe at one tap point, the probe on at"
            + " most "
            + data.probe()
            + " answers, 5 grouped folds of "
            + BenchData.RIDGES.length
            + " ridges");
    notes.add(
        data.answers().stream().map(Answer::prompt).distinct().count()
            + " prompts: this side reads what answers to one of them share once; Python reads every"
            + " answer whole, without the head");
    notes.add(
        "floor: the layers' products over every token that this side sent through them, or the"
            + " covariance's products, each pair of components once, at the rate that plain products"
            + " reached beside each pair");
    notes.add("medians over pairs in turns; ratios are Python's seconds over this side's");
    if (alone) {
      notes.add("no Python was given (--python): nothing is compared");
    }
    return notes;
  }
}
