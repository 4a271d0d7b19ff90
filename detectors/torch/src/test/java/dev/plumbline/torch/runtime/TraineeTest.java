package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.reference.Golden;
import dev.plumbline.torch.reference.ReferenceConfig;
import dev.plumbline.torch.reference.ReferenceDecoder;
import dev.plumbline.torch.reference.ReferenceEdit;
import dev.plumbline.torch.reference.ReferenceFolder;
import dev.plumbline.torch.reference.ReferenceLora;
import dev.plumbline.torch.reference.ReferenceTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters on fused products and vectors: gradients, what they may not learn, what resumes. */
class TraineeTest {
  private static final long[][] TOKENS = {{3, 17, 8, 41, 5, 29}, {11, 2, 44, 9, 0, 0}};
  private static final long[] INDEX = {1, 2, 4, 6, 8};
  private static final long[] TARGET = {8, 41, 29, 2, 9};
  private static final int RANK = 2;
  private static final int LAYER = 1;

  private Checkpoint checkpoint;
  private ModelConfig config;
  private Decoder decoder;

  @BeforeEach
  void load() {
    checkpoint = Checkpoint.open(Golden.folder("llama_tied"));
    config = checkpoint.config();
    decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
  }

  @AfterEach
  void close() {
    decoder.close();
    checkpoint.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q", "V", "Q,K,V", "K,V", "O", "GATE", "UP", "GATE,UP", "DOWN"})
  void crossEntropy_gradientOfEachModulesFactors_equalsCentralDifferences(String modules)
      throws Exception {
    PeftAdapter adapter = adapter(modules, true);
    Map<LoraWeights.Key, float[]> patterns = PeftAdapters.patterns(adapter, config);
    LoraWeights fused = PeftAdapters.fuse(adapter, config);
    try (Trainable trainable = decoder.trainable(Trainee.adapter(fused, patterns))) {
      assertThat(trainable.crossEntropy(TOKENS, INDEX, TARGET))
          .isCloseTo(reference(adapter), within(1e-5));
      List<float[]> gradients = trainable.gradients();
      LoraWeights.Key key = fused.parts().keySet().iterator().next();
      LoraWeights gradient =
          new LoraWeights(
              1,
              Map.of(
                  key,
                  new LoraWeights.Part(
                      fused.parts().get(key).rank(), gradients.get(0), gradients.get(1))));
      PeftAdapter apart = PeftAdapters.unfuse(gradient, adapter, config);
      for (Target target : adapter.changes().keySet()) {
        compare(adapter, apart, target);
      }
    }
  }

  /** Along one random direction of A and B of one module. */
  private void compare(PeftAdapter adapter, PeftAdapter gradient, Target target) throws Exception {
    LowRank g = gradient.changes().get(target);
    Random random = new Random(target.hashCode());
    double[] u = random.doubles(g.a().length, -1, 1).toArray();
    double[] w = random.doubles(g.b().length, -1, 1).toArray();
    double along = dot(g.a(), u) + dot(g.b(), w);
    double epsilon = 1e-4;
    double difference =
        (reference(moved(adapter, target, u, w, epsilon))
                - reference(moved(adapter, target, u, w, -epsilon)))
            / (2 * epsilon);
    double norm = Math.sqrt(square(g.a()) + square(g.b()));
    assertThat(norm).as("%s", target).isPositive();
    assertThat(along).as("%s", target).isCloseTo(difference, within(1e-3 * norm + 1e-6));
  }

  private static double dot(float[] g, double[] u) {
    double sum = 0;
    for (int i = 0; i < g.length; i++) {
      sum += g[i] * u[i];
    }
    return sum;
  }

  private static double square(float[] g) {
    double sum = 0;
    for (float each : g) {
      sum += (double) each * each;
    }
    return sum;
  }

  private static PeftAdapter moved(
      PeftAdapter adapter, Target target, double[] u, double[] w, double by) {
    Map<Target, LowRank> changes = new LinkedHashMap<>(adapter.changes());
    LowRank old = changes.get(target);
    float[] a = old.a().clone();
    float[] b = old.b().clone();
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) (a[i] + by * u[i]);
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = (float) (b[i] + by * w[i]);
    }
    changes.put(target, new LowRank(old.in(), old.out(), old.rank(), a, b));
    return new PeftAdapter(adapter.rank(), adapter.alpha(), adapter.rankStabilised(), changes);
  }

  private double reference(PeftAdapter adapter) throws Exception {
    Map<String, ReferenceLora> loras = new HashMap<>();
    adapter
        .changes()
        .forEach(
            (target, change) ->
                loras.put(
                    module(target),
                    new ReferenceLora(
                        rows(change.a(), change.rank()),
                        rows(change.b(), change.out()),
                        adapter.scaling())));
    return reference(loras, ReferenceEdit.NONE);
  }

  private static String module(Target target) {
    String inner =
        switch (target.weight()) {
          case Q, K, V, O -> "self_attn.";
          default -> "mlp.";
        };
    String name = target.weight().name().toLowerCase(java.util.Locale.ROOT);
    return "model.layers." + target.layer() + "." + inner + name + "_proj";
  }

  private static double[][] rows(float[] values, int rows) {
    double[][] split = new double[rows][values.length / rows];
    for (int i = 0; i < values.length; i++) {
      split[i / split[0].length][i % split[0].length] = values[i];
    }
    return split;
  }

  private double reference(Map<String, ReferenceLora> loras, ReferenceEdit edit) throws Exception {
    ReferenceTensors weights = ReferenceFolder.weights(Golden.folder("llama_tied"));
    ReferenceConfig sizes = ReferenceFolder.config(Golden.folder("llama_tied"));
    ReferenceDecoder judge = new ReferenceDecoder(sizes, weights::vector, loras);
    double loss = 0;
    for (int m = 0; m < INDEX.length; m++) {
      int t = TOKENS[0].length;
      int[] row = Arrays.stream(TOKENS[(int) INDEX[m] / t]).mapToInt(x -> (int) x).toArray();
      double[] logits = judge.forward(row, edit).logits()[(int) INDEX[m] % t];
      double most = Arrays.stream(logits).max().orElseThrow();
      double sum = Arrays.stream(logits).map(x -> Math.exp(x - most)).sum();
      loss += most + Math.log(sum) - logits[(int) TARGET[m]];
    }
    return loss / INDEX.length;
  }

  private PeftAdapter adapter(String modules, boolean filled) {
    Random random = new Random(5);
    Map<Target, LowRank> changes = new LinkedHashMap<>();
    for (String module : modules.split(",")) {
      Weight weight = Weight.valueOf(module);
      int in = config.shape(weight).get(1).intValue();
      int out = config.shape(weight).get(0).intValue();
      float[] a = normal(RANK * in, random);
      float[] b = filled ? normal(out * RANK, random) : new float[out * RANK];
      changes.put(new Target(LAYER, weight), new LowRank(in, out, RANK, a, b));
    }
    return new PeftAdapter(RANK, 4, true, changes);
  }

  private static float[] normal(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.2 * random.nextGaussian());
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q", "Q,V", "GATE,UP"})
  void step_onFusedModules_learnsNothingThatTheyCannotExpress(String modules) {
    PeftAdapter adapter = adapter(modules, false);
    Trainee trainee =
        Trainee.adapter(PeftAdapters.fuse(adapter, config), PeftAdapters.patterns(adapter, config));
    try (Trainable trainable = decoder.trainable(trainee)) {
      double first = train(trainable, 20);
      PeftAdapter learned = PeftAdapters.unfuse(trainable.adapter(2), adapter, config);
      assertThat(learned.changes().keySet()).isEqualTo(adapter.changes().keySet());
      learned
          .changes()
          .forEach(
              (target, change) -> assertThat(square(change.b())).as("%s", target).isPositive());
      assertThat(PeftAdapters.fuse(learned, config).parts().values().iterator().next().b())
          .isEqualTo(trainable.adapter(2).parts().values().iterator().next().b());
      assertThat(trainable.measuredLoss(TOKENS, INDEX, TARGET)).isLessThan(first - 0.01);
    }
  }

  @Test
  void unfuse_ofAFactorOutsideItsBlocks_isRefused() {
    PeftAdapter adapter = adapter("Q,V", false);
    try (Trainable trainable = decoder.trainable(PeftAdapters.fuse(adapter, config))) {
      train(trainable, 2);
      LoraWeights unconfined = trainable.adapter(2);
      assertThatThrownBy(() -> PeftAdapters.unfuse(unconfined, adapter, config))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("outside the modules' own blocks");
    }
  }

  private static double train(Trainable trainable, int steps) {
    double first = trainable.measuredLoss(TOKENS, INDEX, TARGET);
    for (int i = 0; i < steps; i++) {
      trainable.crossEntropy(TOKENS, INDEX, TARGET);
      trainable.step(1e-2, Trainable.Optimiser.standard());
    }
    return first;
  }

  @Test
  void vector_gradient_equalsCentralDifferences() throws Exception {
    float[] v = normal(config.hidden(), new Random(7));
    double[] u = new Random(8).doubles(v.length, -1, 1).toArray();
    try (Trainable trainable = decoder.trainable(Trainee.vector(new MlpVector(LAYER, 3, v)))) {
      assertThat(trainable.crossEntropy(TOKENS, INDEX, TARGET))
          .isCloseTo(reference(Map.of(), edit(v, u, 0)), within(1e-5));
      float[] gradient = trainable.gradients().get(0);
      double epsilon = 1e-4;
      double difference =
          (reference(Map.of(), edit(v, u, epsilon)) - reference(Map.of(), edit(v, u, -epsilon)))
              / (2 * epsilon);
      assertThat(dot(gradient, u))
          .isCloseTo(difference, within(1e-3 * Math.sqrt(square(gradient)) + 1e-6));
    }
  }

  private static ReferenceEdit edit(float[] v, double[] u, double by) {
    return (index, position, h) -> {
      if (index == 2 + 2 * LAYER) {
        for (int i = 0; i < h.length; i++) {
          h[i] += 3 * (v[i] + by * u[i]);
        }
      }
    };
  }

  /** Hazard: an edit of output[0] of a tensor steers batch row 0 alone. */
  @Test
  void vector_ofABatch_steersEveryRowAndNotBatchRow0Alone() {
    float[] v = normal(config.hidden(), new Random(7));
    long[] index = {1, 7};
    long[] target = {8, 9};
    try (Trainable trainable = decoder.trainable(Trainee.vector(new MlpVector(LAYER, 3, v)))) {
      double both = trainable.measuredLoss(TOKENS, index, target);
      double first = row(trainable, 0, 1, 8);
      double second = row(trainable, 1, 1, 9);
      assertThat(both).isCloseTo((first + second) / 2, within(1e-5));
      trainable.put(List.of(new float[v.length]));
      assertThat(row(trainable, 0, 1, 8)).isNotCloseTo(first, within(1e-3));
      assertThat(row(trainable, 1, 1, 9)).isNotCloseTo(second, within(1e-3));
    }
  }

  private static double row(Trainable trainable, int row, long index, long target) {
    return trainable.measuredLoss(
        new long[][] {TOKENS[row]}, new long[] {index}, new long[] {target});
  }

  @Test
  void vector_servedAsSteering_givesTheLossItHadInTraining() {
    Trainee trainee = Trainee.vector(MlpVector.zero(LAYER, 4, config.hidden()));
    try (Trainable trainable = decoder.trainable(trainee)) {
      double first = train(trainable, 40);
      double trained = trainable.measuredLoss(TOKENS, INDEX, TARGET);
      assertThat(trained).isLessThan(first - 0.1);
      MlpVector learned = trainable.vector().orElseThrow();
      double length = Math.sqrt(square(learned.values()));
      Steering steering = new Steering(Direction.of(learned.values()), 4, length);
      InterventionPlan plan =
          new InterventionPlan(Map.of(TapPoint.residPost(LAYER), steering), TokenRange.ALL);
      assertThat(servedLoss(plan)).isCloseTo(trained, within(1e-4));
      assertThat(servedLoss(InterventionPlan.none())).isCloseTo(first, within(1e-4));
    }
  }

  private double servedLoss(InterventionPlan plan) {
    try (Edits edits = decoder.edits(List.of(plan, plan));
        Pass pass = decoder.forward(TOKENS, null, null, edits, null, Decoder.Logits.ALL)) {
      float[] logits = pass.logitsToHost();
      int v = decoder.vocabulary();
      double sum = 0;
      for (int m = 0; m < INDEX.length; m++) {
        int at = (int) INDEX[m] * v;
        double total = 0;
        for (int i = 0; i < v; i++) {
          total += Math.exp(logits[at + i]);
        }
        sum += Math.log(total) - logits[at + (int) TARGET[m]];
      }
      return sum / INDEX.length;
    }
  }

  @Test
  void fixedVector_countsInTheLossThatTrainsAndNowhereElse() {
    MlpVector push = new MlpVector(0, 2, normal(config.hidden(), new Random(9)));
    Trainee plain = Trainee.vector(MlpVector.zero(LAYER, 1, config.hidden()));
    double bare;
    try (Trainable trainable = decoder.trainable(plain)) {
      bare = trainable.crossEntropy(TOKENS, INDEX, TARGET);
    }
    try (Trainable trainable = decoder.trainable(plain.pushed(push))) {
      assertThat(trainable.crossEntropy(TOKENS, INDEX, TARGET)).isNotCloseTo(bare, within(1e-3));
      assertThat(trainable.measuredLoss(TOKENS, INDEX, TARGET)).isCloseTo(bare, within(1e-6));
      assertThat(trainable.divergence(1, TOKENS, INDEX)).isZero();
      assertThat(trainable.values()).hasSize(1);
    }
  }

  @Test
  void divergence_ofTheBaseItself_isZero() {
    try (Trainable trainable = decoder.trainable(PeftAdapters.fuse(adapter("O", false), config))) {
      assertThat(trainable.divergence(1, TOKENS, INDEX)).isZero();
      for (int i = 0; i < 3; i++) {
        assertThat(trainable.measuredDivergence(TOKENS, INDEX)).isZero();
        assertThat(trainable.divergence(1, TOKENS, INDEX)).isZero();
      }
    }
  }

  @Test
  void divergence_againstTheFrozenWeights_equalsThatAgainstTheirLogProbabilities() {
    float[] base = decoder.logProbabilities(TOKENS, INDEX);
    LoraWeights adapter = PeftAdapters.fuse(adapter("Q,DOWN", true), config);
    try (Trainable trainable = decoder.trainable(adapter)) {
      double given = trainable.divergence(1, TOKENS, INDEX, base);
      List<float[]> gradients = trainable.gradients();
      assertThat(given).isPositive();
      assertThat(trainable.divergence(1, TOKENS, INDEX)).isCloseTo(given, within(1e-6));
      assertThat(trainable.measuredDivergence(TOKENS, INDEX)).isCloseTo(given, within(1e-6));
      float[] twice = trainable.gradients().get(0);
      for (int i = 0; i < twice.length; i++) {
        assertThat(twice[i]).isCloseTo(2 * gradients.get(0)[i], within(1e-5f));
      }
    }
  }

  /** Hazard: 0 · (−∞) is NaN. */
  @Test
  void divergence_whereTheBaseGivesProbabilityZero_isFinite() {
    float[] base = decoder.logProbabilities(TOKENS, INDEX);
    double shift = 0;
    int v = decoder.vocabulary();
    for (int m = 0; m < INDEX.length; m++) {
      double gone = Math.exp(base[m * v + 4]);
      shift += Math.log(1 - gone);
      base[m * v + 4] = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < v; i++) {
        base[m * v + i] -= (float) Math.log(1 - gone);
      }
    }
    try (Trainable trainable = decoder.trainable(PeftAdapters.fuse(adapter("O", false), config))) {
      double found = trainable.divergence(1, TOKENS, INDEX, base);
      // KL(p without a token, renormalised ‖ p) = −log(1 − its probability).
      assertThat(found).isCloseTo(-shift / INDEX.length, within(1e-5));
      for (float[] gradient : trainable.gradients()) {
        assertThat(square(gradient)).isFinite();
      }
    }
  }

  /** Hazard: KL divided by the vocabulary. Every token split into two halves doubles V alone. */
  @Test
  void divergence_perToken_isIndependentOfTheVocabulary() {
    LoraWeights adapter = PeftAdapters.fuse(adapter("Q,DOWN", true), config);
    int v = decoder.vocabulary();
    try (Trainable trainable = decoder.trainable(adapter)) {
      double library = trainable.measuredDivergence(TOKENS, INDEX);
      assertThat(library).isPositive();
      float[] p = decoder.logProbabilities(TOKENS, INDEX);
      decoder.adapters().add("a", adapter);
      float[] q = served();
      double once = perToken(p, q, v);
      assertThat(library).isCloseTo(once, within(1e-5));
      assertThat(perToken(halved(p, v), halved(q, v), 2 * v)).isCloseTo(library, within(1e-5));
    }
  }

  private float[] served() {
    Optional<String> a = Optional.of("a");
    try (AdapterBank.Worn worn = decoder.adapters().worn(List.of(a, a));
        Pass pass = decoder.forward(TOKENS, null, null, null, worn, Decoder.Logits.ALL)) {
      float[] logits = pass.logitsToHost();
      int v = decoder.vocabulary();
      float[] chosen = new float[INDEX.length * v];
      for (int m = 0; m < INDEX.length; m++) {
        int from = (int) INDEX[m] * v;
        double total = 0;
        for (int i = 0; i < v; i++) {
          total += Math.exp(logits[from + i]);
        }
        for (int i = 0; i < v; i++) {
          chosen[m * v + i] = (float) (logits[from + i] - Math.log(total));
        }
      }
      return chosen;
    }
  }

  private static double perToken(float[] p, float[] q, int v) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.exp(p[i]) * (p[i] - q[i]);
    }
    return sum / (p.length / v);
  }

  private static float[] halved(float[] p, int v) {
    float[] halves = new float[2 * p.length];
    for (int i = 0; i < p.length; i++) {
      halves[i / v * 2 * v + i % v] = (float) (p[i] - Math.log(2));
      halves[i / v * 2 * v + v + i % v] = (float) (p[i] - Math.log(2));
    }
    return halves;
  }

  @Test
  void crossEntropy_inWeightedParts_addsTheGradientOfTheWhole() {
    LoraWeights adapter = PeftAdapters.fuse(adapter("Q,DOWN", true), config);
    List<float[]> whole;
    try (Trainable trainable = decoder.trainable(adapter)) {
      trainable.crossEntropy(TOKENS, INDEX, TARGET);
      whole = trainable.gradients();
    }
    try (Trainable trainable = decoder.trainable(adapter)) {
      long[][] one = {TOKENS[0]};
      long[][] two = {TOKENS[1]};
      trainable.crossEntropy(0.6, one, new long[] {1, 2, 4}, new long[] {8, 41, 29});
      trainable.crossEntropy(0.4, two, new long[] {0, 2}, new long[] {2, 9});
      for (int i = 0; i < whole.size(); i++) {
        float[] parts = trainable.gradients().get(i);
        for (int j = 0; j < parts.length; j++) {
          assertThat(parts[j]).isCloseTo(whole.get(i)[j], within(1e-5f));
        }
      }
    }
  }

  @Test
  void restore_afterSomeSteps_goesOnToTheSameBytes() {
    PeftAdapter adapter = adapter("Q,GATE,UP,DOWN", false);
    Trainee trainee =
        Trainee.adapter(PeftAdapters.fuse(adapter, config), PeftAdapters.patterns(adapter, config));
    List<float[]> wanted;
    TrainingState middle;
    try (Trainable trainable = decoder.trainable(trainee)) {
      train(trainable, 7);
      middle = trainable.state();
      trainable.measuredDivergence(TOKENS, INDEX);
      train(trainable, 5);
      wanted = trainable.values();
    }
    try (Decoder other = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
        Trainable trainable = other.trainable(trainee)) {
      trainable.restore(middle);
      train(trainable, 5);
      List<float[]> found = new ArrayList<>(trainable.values());
      assertThat(trainable.state().steps()).isEqualTo(12);
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(found.get(i)).isEqualTo(wanted.get(i));
      }
    }
  }

  @Test
  void restore_ofAnotherTraining_isRefused() {
    LoraWeights one = PeftAdapters.fuse(adapter("O", false), config);
    LoraWeights two = PeftAdapters.fuse(adapter("DOWN", false), config);
    TrainingState state;
    try (Trainable trainable = decoder.trainable(one)) {
      state = trainable.state();
    }
    try (Trainable trainable = decoder.trainable(two)) {
      assertThatThrownBy(() -> trainable.restore(state))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another training");
    }
  }
}
