package dev.plumbline.torch.bench;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How fast a model reads and generates here, each figure beside the roofline that was measured in
 * the same run. One thread; nothing else should run on the machine, and the medians forgive a
 * little of what does.
 */
public final class ForwardBench {
  private static final int POSITIONS = 1024;

  /** The answers of so many still fit the positions. */
  private static final int MOST_PAIRS = 100;

  private ForwardBench() {}

  /**
   * What to measure.
   *
   * @param precisions in this order
   * @param pairs of plain and watched generation
   * @param repeats of each reading figure
   * @param batches texts read at once
   * @param device {@code cpu}, {@code cuda}, {@code cuda:N} or {@code auto}
   * @param commit of the sources, for the file
   */
  public record Options(
      List<Precision> precisions,
      int pairs,
      int repeats,
      List<Integer> batches,
      String device,
      String commit) {
    public Options {
      precisions = List.copyOf(precisions);
      batches = List.copyOf(batches);
      if (precisions.isEmpty()
          || pairs < 1
          || pairs > MOST_PAIRS
          || repeats < 1
          || batches.isEmpty()) {
        throw new IllegalArgumentException(
            "bench: wanted a precision, 1 to "
                + MOST_PAIRS
                + " pairs, a repeat and a batch size at least, found "
                + precisions
                + ", "
                + pairs
                + ", "
                + repeats
                + " and "
                + batches
                + "; correct the options");
      }
    }

    /** Float32 and bfloat16 on the CPU, 20 pairs, batches of 1 and 8. */
    public static Options standard(String commit) {
      return new Options(
          List.of(Precision.FLOAT32, Precision.BFLOAT16), 20, 5, List.of(1, 8), "cpu", commit);
    }
  }

  /** Measures a model folder or GGUF file; {@code progress} is told what begins. */
  public static ForwardReport run(Path model, Options options, Consumer<String> progress) {
    Map<Precision, Map<Integer, ForwardReport.Reading>> reading = new LinkedHashMap<>();
    Map<Precision, ForwardReport.Generation> generation = new LinkedHashMap<>();
    Device device = TorchRuntime.start().device(options.device());
    for (Precision precision : options.precisions()) {
      progress.accept("loading " + model.getFileName() + " in " + precision.wireName());
      try (Checkpoint checkpoint = Checkpoint.open(model);
          Decoder decoder = DecoderLoader.load(checkpoint, precision, device, POSITIONS)) {
        decoder.freeze();
        progress.accept("generation, " + options.pairs() + " pairs");
        generation.put(precision, new GenerationBench(decoder, options.pairs()).run());
        Map<Integer, ForwardReport.Reading> sizes = new TreeMap<>();
        for (int batch : options.batches()) {
          progress.accept("reading, batch " + batch);
          sizes.put(batch, new ReadingBench(decoder, batch, options.repeats()).run());
        }
        reading.put(precision, sizes);
      }
    }
    HostFacts host = HostFacts.here(options.commit(), Clock.systemUTC());
    return new ForwardReport(reading, generation, host, notes(options, device));
  }

  private static List<String> notes(Options options, Device device) {
    List<String> notes = new ArrayList<>();
    notes.add("device " + device);
    notes.add(
        "reading: "
            + ReadingBench.TOKENS
            + " tokens a text, one readout after each layer; its own entry is the largest batch");
    notes.add(
        "generation: one answer; watched reads out after each layer and ablates, affine, after"
            + " every writer; medians of "
            + options.pairs()
            + " interleaved pairs");
    notes.add(
        "roofline: the larger of bytes over bandwidth (the better of a sum over as many bytes and the"
            + " weights' own matrix-vector products) and operations over the rate of the model's own products");
    return notes;
  }
}
