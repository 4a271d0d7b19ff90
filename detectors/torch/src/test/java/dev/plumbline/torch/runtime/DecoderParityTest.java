package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.reference.Golden;
import dev.plumbline.torch.reference.ReferenceTensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every hidden state and logit of the runtime against Hugging Face's in float64, per architecture.
 * The bounds are the project's: float32 has 24 bits and these sums are short, so 1e-5 leaves room;
 * bfloat16 has 8 bits and rounds after each of some ten products a layer, so 2e-2.
 */
class DecoderParityTest {
  static Stream<Arguments> models() {
    return Golden.MODELS.stream()
        .filter(name -> !name.equals("llama_bias_f16") && !name.equals("qwen2_window"))
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, Precision.FLOAT32, 1e-5),
                    Arguments.of(name, Precision.BFLOAT16, 2e-2)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void forward_ofEachArchitecture_equalsTheReference(String name, Precision precision, double bound)
      throws Exception {
    ReferenceTensors expected = Golden.expected(Golden.folder(name));
    try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(name));
        Decoder decoder = DecoderLoader.load(checkpoint, precision, Device.cpu())) {
      int layers = decoder.shape().layers();
      List<TapPoint> taps =
          IntStream.rangeClosed(0, 2 * layers + 1)
              .mapToObj(s -> TapPoint.fromStreamIndex(s, layers))
              .toList();
      try (Watch watch = decoder.watch(taps, List.of());
          Pass pass =
              decoder.forward(tokens(expected), null, watch, null, null, Decoder.Logits.ALL)) {
        for (TapPoint tap : taps) {
          close(pass.states(tap), expected, tap.toString(), bound);
        }
        close(pass.logitsToHost(), expected, "logits", bound);
      }
      assertThat(decoder.openPasses()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void ablation_afterEveryWriter_equalsTheReference(String name, Precision precision, double bound)
      throws Exception {
    ReferenceTensors expected = Golden.expected(Golden.folder(name));
    try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(name));
        Decoder decoder = DecoderLoader.load(checkpoint, precision, Device.cpu());
        Edits edits =
            decoder.edits(
                List.of(
                    InterventionPlan.shared(
                        Direction.of(expected.vector("direction")), decoder.shape().layers())));
        Pass pass =
            decoder.forward(tokens(expected), null, null, edits, null, Decoder.Logits.ALL)) {
      close(pass.logitsToHost(), expected, "ablated_logits", bound);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void forward_tokenByTokenWithCache_equalsTheReference(
      String name, Precision precision, double bound) throws Exception {
    ReferenceTensors expected = Golden.expected(Golden.folder(name));
    long[] ids = tokens(expected)[0];
    try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(name));
        Decoder decoder = DecoderLoader.load(checkpoint, precision, Device.cpu());
        KvCache cache = decoder.cache(new long[] {0}, 4)) {
      double[] found = new double[ids.length * decoder.vocabulary()];
      int at = 0;
      for (int chunk : new int[] {5, 1, 1, 3, 1, 1}) {
        long[][] next = {java.util.Arrays.copyOfRange(ids, at, at + chunk)};
        try (Pass pass = decoder.forward(next, cache, null, null, null, Decoder.Logits.ALL)) {
          double[] logits = widen(pass.logitsToHost());
          System.arraycopy(logits, 0, found, at * decoder.vocabulary(), logits.length);
        }
        at += chunk;
      }
      assertThat(distance(found, expected.vector("logits"))).isLessThan(bound);
    }
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void adapter_wornInABatch_changesOnlyItsRow(String folder) throws Exception {
    ReferenceTensors expected = Golden.expected(Golden.adapter(folder));
    try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama_tied"));
        Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu())) {
      PeftAdapter adapter = PeftAdapter.open(Golden.adapter(folder), checkpoint.config());
      decoder.adapters().add("a", PeftAdapters.fuse(adapter, checkpoint.config()));
      long[] ids = tokens(expected)[0];
      try (AdapterBank.Worn worn =
              decoder.adapters().worn(List.of(Optional.empty(), Optional.of("a")));
          Pass pass =
              decoder.forward(
                  new long[][] {ids, ids}, null, null, null, worn, Decoder.Logits.ALL)) {
        float[] logits = pass.logitsToHost();
        int half = logits.length / 2;
        double[] plain = widen(java.util.Arrays.copyOf(logits, half));
        double[] bare = alone(decoder, ids);
        double[] adapted = widen(java.util.Arrays.copyOfRange(logits, half, 2 * half));
        assertThat(distance(plain, bare)).isLessThan(1e-5);
        assertThat(distance(plain, expected.vector("logits"))).isGreaterThan(0.1);
        assertThat(distance(adapted, expected.vector("logits"))).isLessThan(1e-5);
      }
    }
  }

  private static double[] alone(Decoder decoder, long[] ids) {
    try (Pass pass =
        decoder.forward(new long[][] {ids}, null, null, null, null, Decoder.Logits.ALL)) {
      return widen(pass.logitsToHost());
    }
  }

  static Stream<String> adapters() {
    return Golden.ADAPTERS.stream();
  }

  private static long[][] tokens(ReferenceTensors expected) {
    return new long[][] {
      java.util.Arrays.stream(expected.integers("input_ids")).mapToLong(i -> i).toArray()
    };
  }

  private static void close(float[] found, ReferenceTensors expected, String name, double bound) {
    assertThat(distance(widen(found), expected.vector(name))).as(name).isLessThan(bound);
  }

  /** ‖found − wanted‖ / ‖wanted‖. */
  private static double distance(double[] found, double[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double error = 0;
    double norm = 0;
    for (int i = 0; i < found.length; i++) {
      error += (found[i] - wanted[i]) * (found[i] - wanted[i]);
      norm += wanted[i] * wanted[i];
    }
    return Math.sqrt(error / norm);
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
