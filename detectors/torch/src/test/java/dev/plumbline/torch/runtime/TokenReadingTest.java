package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Divergence;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and divergences a token against float64 sums over logits and the float64 reference. */
class TokenReadingTest {
  private static final int T = 7;
  private static final int V = 50;
  private static final long[][] TOKENS = {TinyModel.tokens(T, V, 1), TinyModel.tokens(T, V, 2)};
  private static final long[] INDEX = {0, 3, 6, 7, 9, 12};
  private static final long[] TARGET = {4, 11, 49, 0, 30, 7};

  private Decoder decoder;

  @BeforeEach
  void load() {
    decoder = TinyModel.adapted();
  }

  @AfterEach
  void close() {
    decoder.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tokenLosses_steeredRow_equalsTheFloat64Reference(boolean frozen) {
    if (frozen) {
      decoder.freeze();
    }
    List<InterventionPlan> plans = List.of(steered(), InterventionPlan.none());
    try (Edits edits = decoder.edits(plans)) {
      double[] found = decoder.tokenLosses(TOKENS, INDEX, TARGET, edits, null);
      for (int m = 0; m < INDEX.length; m++) {
        int row = (int) INDEX[m] / T;
        double[] logits =
            TinyModel.reference("llama_tied", TOKENS[row], plans.get(row))
                .logits()[(int) INDEX[m] % T];
        assertThat(found[m]).isCloseTo(-logSoftmax(logits)[(int) TARGET[m]], within(1e-5));
      }
    }
  }

  @Test
  void tokenDivergence_adapterAndEdits_equalsTheSumOnTheHost() {
    List<InterventionPlan> plans = List.of(InterventionPlan.none(), steered());
    try (Edits edits = decoder.edits(plans);
        AdapterBank.Worn worn = decoder.adapters().worn(both("rank2"))) {
      double[] found = decoder.tokenDivergence(TOKENS, INDEX, edits, worn);
      double[][] base = logProbabilities(null, null);
      double[][] changed = logProbabilities(edits, worn);
      for (int m = 0; m < INDEX.length; m++) {
        double wanted = Divergence.nats(base[m], changed[m]);
        assertThat(wanted).isGreaterThan(1e-6);
        assertThat(found[m]).isCloseTo(wanted, within(1e-5 * wanted + 1e-8));
      }
    }
  }

  @Test
  void divergences_ofTheReferenceItself_areZero() {
    try (AdapterBank.Worn worn = decoder.adapters().worn(both("rank2"));
        TokenReading reading = decoder.read(TOKENS, INDEX)) {
      assertThat(reading.divergences(null, null)).containsOnly(0);
      assertThat(reading.divergences(null, worn)).doesNotContain(0);
      reading.refer(null, worn);
      assertThat(reading.divergences(null, worn)).containsOnly(0);
    }
  }

  @Test
  void divergences_minusInfinityLogProbabilities_areFinite() {
    double never = Double.NEGATIVE_INFINITY;
    double half = Math.log(0.5);
    double[] p = {half, half, never, 0, never, never};
    double[] q = {half, half, never, half, half, never};
    double[] found = divergences(p, q, 3);
    assertThat(found[0]).isZero();
    assertThat(found[1]).isCloseTo(Math.log(2), within(1e-12));
    assertThat(divergences(q, p, 3)[1]).isFinite().isGreaterThan(1000);
    assertThat(divergences(new double[] {Double.NaN, 0}, new double[2], 2)[0]).isNaN();
  }

  @Test
  void losses_strengthOfEachRow_isThatOfTheScaledAdapter() {
    LoraWeights weights = adapter();
    decoder.adapters().add("mine", weights);
    try (AdapterBank.Worn full = decoder.adapters().worn(both("mine"));
        AdapterBank.Worn mixed = decoder.adapters().worn(weights, new double[] {1, 0});
        AdapterBank.Worn half = decoder.adapters().worn(weights, new double[] {0.5, 0.5})) {
      double[] bare = decoder.tokenLosses(TOKENS, INDEX, TARGET, null, null);
      double[] whole = decoder.tokenLosses(TOKENS, INDEX, TARGET, null, full);
      double[] found = decoder.tokenLosses(TOKENS, INDEX, TARGET, null, mixed);
      assertThat(Arrays.copyOf(found, 3)).containsExactly(Arrays.copyOf(whole, 3), within(1e-6));
      assertThat(Arrays.copyOfRange(found, 3, 6))
          .containsExactly(Arrays.copyOfRange(bare, 3, 6), within(1e-6));
      LoraWeights halved = new LoraWeights(weights.scale() / 2, weights.parts());
      decoder.adapters().add("halved", halved);
      try (AdapterBank.Worn named = decoder.adapters().worn(both("halved"))) {
        double[] wanted = decoder.tokenLosses(TOKENS, INDEX, TARGET, null, named);
        assertThat(decoder.tokenLosses(TOKENS, INDEX, TARGET, null, half))
            .containsExactly(wanted, within(1e-6));
        assertThat(Arrays.copyOf(wanted, 3)).isNotEqualTo(Arrays.copyOf(whole, 3));
      }
    }
  }

  @Test
  void read_usedAndClosed_leavesNoArrays() {
    int before = TinyModel.arrays(decoder);
    try (Edits edits = decoder.edits(List.of(steered(), steered()));
        AdapterBank.Worn worn = decoder.adapters().worn(adapter(), new double[] {1, 2});
        TokenReading reading = decoder.read(TOKENS, INDEX)) {
      reading.losses(TARGET, edits, worn);
      reading.refer(edits, worn);
      reading.divergences(null, null);
    }
    assertThat(TinyModel.arrays(decoder)).isEqualTo(before);
  }

  @Test
  void read_positionOutsideOrNone_isRefused() {
    assertThatThrownBy(() -> decoder.read(TOKENS, new long[] {14}))
        .hasMessageContaining("positions below 14, found 14");
    assertThatThrownBy(() -> decoder.read(TOKENS, new long[0])).hasMessageContaining("found none");
    assertThatThrownBy(() -> decoder.tokenLosses(TOKENS, INDEX, new long[1], null, null))
        .hasMessageContaining("wanted 6 targets, found 1");
  }

  private static InterventionPlan steered() {
    Steering push = new Steering(TinyModel.direction(24, 3), 2, 0.7);
    return new InterventionPlan(Map.of(TapPoint.residPost(0), push), TokenRange.ALL);
  }

  private static List<Optional<String>> both(String name) {
    return List.of(Optional.of(name), Optional.of(name));
  }

  private static LoraWeights adapter() {
    Random random = new Random(4);
    float[] a = floats(random, 2 * 24);
    float[] b = floats(random, 24 * 2);
    var key = new LoraWeights.Key(0, LoraSlot.OUT);
    return new LoraWeights(1.5, Map.of(key, new LoraWeights.Part(2, a, b)));
  }

  private static float[] floats(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian() / 4;
    }
    return values;
  }

  private double[][] logProbabilities(Edits edits, AdapterBank.Worn worn) {
    try (Pass pass = decoder.forward(TOKENS, null, null, edits, worn, Decoder.Logits.ALL)) {
      double[] all = TinyModel.widen(pass.logitsToHost());
      return Arrays.stream(INDEX)
          .mapToObj(i -> logSoftmax(Arrays.copyOfRange(all, (int) i * V, (int) (i + 1) * V)))
          .toArray(double[][]::new);
    }
  }

  private static double[] logSoftmax(double[] logits) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(x -> Math.exp(x - max)).sum();
    return Arrays.stream(logits).map(x -> x - max - Math.log(sum)).toArray();
  }

  private double[] divergences(double[] p, double[] q, int v) {
    try (PtNDManager scratch = (PtNDManager) decoder.manager().newSubManager();
        NDArray first = scratch.create(p).reshape(-1, v);
        NDArray second = scratch.create(q).reshape(-1, v);
        IValue one = IValue.from((PtNDArray) first);
        IValue two = IValue.from((PtNDArray) second);
        IValue result = decoder.call("divergences", one, two)) {
      return Host.doubles(result.toTensor(scratch));
    }
  }
}
