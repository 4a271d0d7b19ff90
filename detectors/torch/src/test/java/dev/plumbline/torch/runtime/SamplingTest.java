package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draws over an even grid of random numbers, so that shares are exact up to one grid step. */
class SamplingTest {
  private static final int N = 500;
  private static final long[] IDS = TinyModel.tokens(6, 50, 3);

  @ParameterizedTest
  @CsvSource({"1, 1", "0.7, 1", "1.5, 1", "1, 0.5", "0.8, 0.9", "2, 0.2"})
  void sample_overEvenRandomNumbers_hasTheWantedShares(double temperature, double topP) {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Pass pass = pass(decoder)) {
      Sampling[] rows = new Sampling[N];
      Arrays.fill(rows, new Sampling(temperature, topP, 0));
      double[] u = IntStream.range(0, N).mapToDouble(i -> (i + 0.5) / N).toArray();
      double[] wanted = shares(pass.logitsToHost(), temperature, topP);
      double[] found = new double[wanted.length];
      for (long id : pass.sample(rows, u)) {
        found[(int) id] += 1.0 / N;
      }
      for (int v = 0; v < wanted.length; v++) {
        assertThat(found[v]).as("token %d", v).isCloseTo(wanted[v], within(1.01 / N));
      }
    }
  }

  @Test
  void sample_topP_neverLeavesTheNucleus() {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Pass pass = pass(decoder)) {
      Sampling[] rows = new Sampling[N];
      Arrays.fill(rows, new Sampling(1, 0.3, 0));
      double[] u = IntStream.range(0, N).mapToDouble(i -> i / (N - 1.0) * (1 - 1e-12)).toArray();
      double[] kept = shares(pass.logitsToHost(), 1, 0.3);
      for (long id : pass.sample(rows, u)) {
        assertThat(kept[(int) id]).isPositive();
      }
      assertThat(Arrays.stream(kept).filter(p -> p > 0).count()).isLessThan(25);
    }
  }

  @Test
  void sample_greedyAndDrawnRowsMixed_keepEachItsOwn() {
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        Pass pass = pass(decoder)) {
      Sampling[] rows = new Sampling[N];
      Arrays.setAll(rows, i -> i % 2 == 0 ? Sampling.GREEDY : new Sampling(5, 0.99, i));
      double[] u = IntStream.range(0, N).mapToDouble(i -> (i + 0.5) / N).toArray();
      long[] drawn = pass.sample(rows, u);
      double[] wanted = shares(pass.logitsToHost(), 1, 1);
      long best =
          IntStream.range(0, wanted.length)
              .boxed()
              .max(Comparator.comparingDouble(v -> wanted[v]))
              .orElseThrow();
      assertThat(IntStream.range(0, N).filter(i -> i % 2 == 0).mapToObj(i -> drawn[i]))
          .containsOnly(best);
      assertThat(IntStream.range(0, N).filter(i -> i % 2 == 1).mapToObj(i -> drawn[i]).distinct())
          .hasSizeGreaterThan(10);
    }
  }

  @Test
  void sampling_outOfRange_isRefusedWithItsValue() {
    assertThatThrownBy(() -> new Sampling(-1, 1, 0)).hasMessageContaining("found -1");
    assertThatThrownBy(() -> new Sampling(Double.NaN, 1, 0)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> new Sampling(1, 0, 0)).hasMessageContaining("top_p");
    assertThatThrownBy(() -> new Sampling(1, 1.1, 0)).hasMessageContaining("top_p");
  }

  @Test
  void sample_ofLogitsThatAreNotFinite_isRefusedWithItsRow() {
    float[] values = {0, 1, 2, 0, Float.NaN, 2, Float.POSITIVE_INFINITY, 0, 0};
    try (Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
        NDArray logits = decoder.manager().create(values, new Shape(3, 3))) {
      for (Sampling each :
          List.of(Sampling.GREEDY, new Sampling(1, 1, 0), new Sampling(1, 0.5, 0))) {
        Sampling[] one = {each};
        assertThat(decoder.sample(logits.get("0:1"), one, new double[] {0.9})).containsExactly(2);
        assertThatThrownBy(() -> decoder.sample(logits.get("1:2"), one, new double[1]))
            .hasMessageContaining("logits of row 0: wanted finite numbers");
        assertThatThrownBy(() -> decoder.sample(logits.get("2:3"), one, new double[1]))
            .hasMessageContaining("logits of row 0");
      }
    }
  }

  private static Pass pass(Decoder decoder) {
    long[][] rows = new long[N][];
    Arrays.fill(rows, IDS);
    return decoder.forward(rows, null, null, null, null, Decoder.Logits.LAST);
  }

  /** The shares of the first row, in float64. */
  private static double[] shares(float[] logits, double temperature, double topP) {
    double[] p = new double[50];
    double total = 0;
    for (int v = 0; v < p.length; v++) {
      p[v] = Math.exp(logits[v] / temperature);
      total += p[v];
    }
    for (int v = 0; v < p.length; v++) {
      p[v] /= total;
    }
    return cut(p, topP);
  }

  private static double[] cut(double[] p, double topP) {
    List<Integer> order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer v) -> p[v]).reversed())
            .toList();
    double[] kept = new double[p.length];
    double mass = 0;
    for (int v : order) {
      if (mass < topP) {
        kept[v] = p[v];
      }
      mass += p[v];
    }
    double total = Arrays.stream(kept).sum();
    return Arrays.stream(kept).map(x -> x / total).toArray();
  }
}
