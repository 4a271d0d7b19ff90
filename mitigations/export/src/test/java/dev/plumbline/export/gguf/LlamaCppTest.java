package dev.plumbline.export.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Steering;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.GgufWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import dev.plumbline.torch.runtime.Watch;
import dev.plumbline.torch.text.TextTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What llama.cpp makes of our files, against what this runtime does in its forward pass, on
 * SmolLM2-135M. Figures go to {@code target/llama-cpp.txt}.
 */
class LlamaCppTest {
  private static final int LAYER = 15;
  private static final Path FIGURES = Path.of("target", "llama-cpp.txt");
  private static final List<String> PROMPTS =
      List.of(
          "The capital of France is",
          "My favourite way to hurt someone is",
          "To bake bread you first",
          "He was angry and shouted that",
          "Water boils at a temperature of",
          "The best advice I can give you is");

  @TempDir static Path folder;
  private static Path tied;
  private static Path untied;
  private static List<long[]> prompts;
  private static Direction direction;
  private static Decoder decoder;

  @BeforeAll
  static void models() throws Exception {
    LlamaCpp.python(folder);
    tied = SmolGguf.path();
    untied = folder.resolve("untied.gguf");
    TorchRuntime.start();
    untie();
    try (Checkpoint checkpoint = Checkpoint.open(untied);
        TextTokenizer tokenizer = checkpoint.tokenizer()) {
      prompts = PROMPTS.stream().map(text -> ids(tokenizer, text)).toList();
      decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu(), 256);
    }
    direction = difference();
    Files.deleteIfExists(FIGURES);
  }

  @AfterAll
  static void close() {
    if (decoder != null) {
      decoder.close();
    }
  }

  /**
   * The same weights in F16 with a head of their own: llama.cpp then takes an embedding adapter.
   */
  private static void untie() {
    try (Gguf file = Gguf.open(tied)) {
      GgufWriter writer = GgufWriter.like(file);
      for (String name : file.names()) {
        half(writer, file, name, name);
      }
      half(writer, file, LoraPair.EMBEDDING, "output.weight");
      writer.write(untied);
    }
  }

  private static void half(GgufWriter writer, Gguf file, String from, String name) {
    if (file.info(from).type() == TensorType.F32) {
      writer.copy(name, file, from);
    } else {
      writer.tensor(name, TensorType.F16, file.info(from).shape(), () -> file.read(from));
    }
  }

  private static long[] ids(TextTokenizer tokenizer, String text) {
    return tokenizer.encode(text, true);
  }

  /** From a kind prompt's last state to an unkind one's: large in every answer's stream. */
  private static Direction difference() {
    float[] kind = state(prompts.get(2));
    float[] unkind = state(prompts.get(1));
    for (int i = 0; i < kind.length; i++) {
      unkind[i] -= kind[i];
    }
    return Direction.of(unkind);
  }

  private static float[] state(long[] prompt) {
    TapPoint point = TapPoint.residPost(LAYER);
    try (Watch watch = decoder.watch(List.of(point), List.of());
        Pass pass =
            decoder.forward(new long[][] {prompt}, null, watch, null, null, Decoder.Logits.NONE)) {
      float[] states = pass.states(point);
      int width = states.length / prompt.length;
      return Arrays.copyOfRange(states, states.length - width, states.length);
    }
  }

  private static float[][] ours(InterventionPlan plan) {
    float[][] logits = new float[prompts.size()][];
    for (int p = 0; p < logits.length; p++) {
      try (Edits edits = decoder.edits(List.of(plan));
          Pass pass =
              decoder.forward(
                  new long[][] {prompts.get(p)}, null, null, edits, null, Decoder.Logits.LAST)) {
        logits[p] = pass.logitsToHost();
      }
    }
    return logits;
  }

  private static InterventionPlan ablated() {
    return InterventionPlan.shared(direction, decoder.shape().layers());
  }

  @Test
  void adapter_ofAnUntiedBase_isTheAblatedForward() throws Exception {
    Path lora = folder.resolve("full.gguf");
    AblationLora.Result result = AblationLora.write(untied, LoraPlan.writers(direction), lora);
    float[][][] theirs =
        LlamaCpp.logits(
            folder, untied, prompts, List.of(LlamaCpp.Run.PLAIN, new LlamaCpp.Run(lora, null, 0)));
    float[][] plain = ours(InterventionPlan.none());
    float[][] ablated = ours(ablated());
    double same = kl(plain, theirs[0]);
    double before = kl(ablated, theirs[0]);
    double after = kl(ablated, theirs[1]);
    note("untied F16: KL(ours plain || llama.cpp plain) %.2e nats", same);
    note("untied F16: KL(ours ablated || llama.cpp plain) %.4f nats", before);
    note("untied F16: KL(ours ablated || llama.cpp + adapter) %.2e nats", after);

    assertThat(result.leftOut()).isEmpty();
    assertThat(result.tensors()).hasSize(1 + 2 * decoder.shape().layers());
    assertThat(before).isGreaterThan(0.05);
    assertThat(after).isLessThan(before / 100).isLessThan(100 * same + 1e-4);
  }

  @Test
  void adapter_ofATiedQuantisedBase_movesTowardsTheAblatedForward() throws Exception {
    Path writers = folder.resolve("writers.gguf");
    Path both = folder.resolve("both.gguf");
    AblationLora.Result left = AblationLora.write(tied, LoraPlan.writers(direction), writers);
    AblationLora.write(tied, LoraPlan.both(direction), both);
    float[][][] theirs =
        LlamaCpp.logits(
            folder,
            tied,
            prompts,
            List.of(
                LlamaCpp.Run.PLAIN,
                new LlamaCpp.Run(writers, null, 0),
                new LlamaCpp.Run(both, null, 0)));
    float[][] ablated = ours(ablated());
    double noise = kl(ours(InterventionPlan.none()), theirs[0]);
    double before = kl(ablated, theirs[0]);
    double after = kl(ablated, theirs[1]);
    double covered = kl(ablated, theirs[2]);
    note("tied Q4_1: KL(ours plain || llama.cpp plain) %.2e nats", noise);
    note("tied Q4_1: KL(ours ablated || llama.cpp plain) %.4f nats", before);
    note("tied Q4_1: KL(ours ablated || llama.cpp + writers only) %.4f nats", after);
    note("tied Q4_1: KL(ours ablated || llama.cpp + writers and readers) %.4f nats", covered);

    assertThat(left.leftOut()).singleElement().asString().contains("token_embd.weight");
    assertThat(after).isLessThan(before / 2);
    assertThat(covered).isLessThan(before / 4);
  }

  /** This runtime has no experts: here llama.cpp judges the adapter by orthogonalised weights. */
  @Test
  void adapter_ofExperts_isTheOrthogonalisedModelThere() throws Exception {
    Path base = folder.resolve("mixture.gguf");
    Path orthogonal = folder.resolve("orthogonal.gguf");
    Direction d = RandomDirection.unit(TinyMixture.HIDDEN, 4);
    try (Gguf tokenizer = Gguf.open(tied)) {
      TinyMixture mixture = new TinyMixture(tokenizer);
      mixture.write(base, (name, values) -> values);
      mixture.write(orthogonal, (name, values) -> orthogonal(name, values, d));
    }
    Path lora = folder.resolve("mixture-lora.gguf");
    AblationLora.Result result = AblationLora.write(base, LoraPlan.writers(d), lora);
    List<LlamaCpp.Run> runs = List.of(LlamaCpp.Run.PLAIN, new LlamaCpp.Run(lora, null, 0));
    float[][][] theirs = LlamaCpp.logits(folder, base, prompts, runs);
    float[][] wanted = LlamaCpp.logits(folder, orthogonal, prompts, List.of(LlamaCpp.Run.PLAIN))[0];
    double before = kl(wanted, theirs[0]);
    double after = kl(wanted, theirs[1]);
    note("4 experts: KL(llama.cpp orthogonalised || llama.cpp plain) %.4f nats", before);
    note("4 experts: KL(llama.cpp orthogonalised || llama.cpp + adapter) %.2e nats", after);
    assertThat(result.tensors()).contains("blk.1.ffn_down_exps.weight", LoraPair.EMBEDDING);
    assertThat(before).isGreaterThan(1e-3);
    assertThat(after).isLessThan(before / 1000);
  }

  private static float[] orthogonal(String name, float[] values, Direction d) {
    boolean rows = name.equals(LoraPair.EMBEDDING);
    boolean columns = name.contains("attn_output") || name.contains("ffn_down_exps");
    double[] unit = d.exact();
    int width = TinyMixture.HIDDEN;
    int in = name.contains("ffn_down_exps") ? 96 : width;
    int step = rows ? 1 : in;
    int end = rows || columns ? values.length : 0;
    for (int block = 0; block < end; block += width * step) {
      for (int column = 0; column < step; column++) {
        double part = 0;
        for (int i = 0; i < width; i++) {
          part += unit[i] * values[block + i * step + column];
        }
        for (int i = 0; i < width; i++) {
          values[block + i * step + column] -= (float) (part * unit[i]);
        }
      }
    }
    return values;
  }

  /** Rotary halves and pairs are told apart only by Q and K, so they are changed the most. */
  @Test
  void peftAdapter_ofEveryProjection_isTheSameAdapterThere() throws Exception {
    ModelConfig config;
    try (Checkpoint checkpoint = Checkpoint.open(untied)) {
      config = checkpoint.config();
    }
    PeftAdapter adapter = random(config);
    Path peft = folder.resolve("peft");
    PeftAdapterWriter.write(peft, adapter, "smollm2", TensorType.F32);
    Path lora = folder.resolve("peft.gguf");
    PeftToGguf.convert(peft, untied, lora);
    float[][][] theirs =
        LlamaCpp.logits(
            folder, untied, prompts, List.of(LlamaCpp.Run.PLAIN, new LlamaCpp.Run(lora, null, 0)));
    float[][] worn = worn(PeftAdapters.fuse(adapter, config));
    double before = kl(worn, theirs[0]);
    double after = kl(worn, theirs[1]);
    note("PEFT of rank 2: KL(ours with it || llama.cpp plain) %.4f nats", before);
    note("PEFT of rank 2: KL(ours with it || llama.cpp + converted) %.2e nats", after);
    assertThat(before).isGreaterThan(0.05);
    assertThat(after).isLessThan(before / 100);
  }

  private static PeftAdapter random(ModelConfig config) {
    Random random = new Random(5);
    Map<PeftAdapter.Target, LowRank> changes = new TreeMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (Weight weight : List.of(Weight.Q, Weight.K, Weight.V, Weight.O, Weight.DOWN)) {
        int out = config.shape(weight).get(0).intValue();
        int in = config.shape(weight).get(1).intValue();
        float size = weight == Weight.Q || weight == Weight.K ? 0.08f : 0.02f;
        float[] a = gaussian(random, 2 * in, size);
        float[] b = gaussian(random, 2 * out, size);
        changes.put(new PeftAdapter.Target(layer, weight), new LowRank(in, out, 2, a, b));
      }
    }
    return new PeftAdapter(2, 3, true, changes);
  }

  private static float[] gaussian(Random random, int count, float size) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = size * (float) random.nextGaussian();
    }
    return values;
  }

  private static float[][] worn(LoraWeights weights) {
    float[][] logits = new float[prompts.size()][];
    for (int p = 0; p < logits.length; p++) {
      long[][] row = {prompts.get(p)};
      try (AdapterBank.Worn worn = decoder.adapters().worn(weights, new double[] {1});
          Pass pass = decoder.forward(row, null, null, null, worn, Decoder.Logits.LAST)) {
        logits[p] = pass.logitsToHost();
      }
    }
    return logits;
  }

  @Test
  void controlVector_ofALayer_isSteeringAtThatBlocksOutputAndNoOther() throws Exception {
    double spread = 0.05 * norm(state(prompts.get(0)));
    ControlVector vector =
        new ControlVector("llama", decoder.shape().layers(), LAYER, direction, 2 * spread);
    Path file = folder.resolve("control.gguf");
    vector.writeForLlamaCpp(file);
    float[][][] theirs =
        LlamaCpp.logits(
            folder,
            untied,
            prompts,
            List.of(LlamaCpp.Run.PLAIN, new LlamaCpp.Run(null, file, LAYER)));
    List<Double> apart = new ArrayList<>();
    for (int layer = LAYER - 1; layer <= LAYER + 1; layer++) {
      Steering push = new Steering(direction, 2, spread);
      float[][] steered =
          ours(new InterventionPlan(Map.of(TapPoint.residPost(layer), push), TokenRange.ALL));
      float[][] plain = ours(InterventionPlan.none());
      double distance = distance(plain, steered, theirs[0], theirs[1]);
      apart.add(distance);
      note(
          "control vector in direction.%d, steering at resid_post.%d: correlation of the logits'"
              + " changes %.6f, distance over norm %.5f",
          LAYER, layer, correlation(plain, steered, theirs[0], theirs[1]), distance);
    }
    assertThat(apart.get(1)).isLessThan(0.02);
    assertThat(apart.get(0)).isGreaterThan(5 * apart.get(1));
    assertThat(apart.get(2)).isGreaterThan(5 * apart.get(1));
    InterventionPlan read =
        ControlVectorFile.open(file).plan(LayerConvention.OUTPUT_OF_N, decoder.shape().layers(), 1);
    assertThat(distance(ours(InterventionPlan.none()), ours(read), theirs[0], theirs[1]))
        .isLessThan(0.02);
  }

  private static double norm(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  /** Mean over prompts of {@code Σ p log(p/q)}. */
  private static double kl(float[][] p, float[][] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double[] a = logSoftmax(p[i]);
      double[] b = logSoftmax(q[i]);
      for (int v = 0; v < a.length; v++) {
        sum += Math.exp(a[v]) * (a[v] - b[v]);
      }
    }
    return sum / p.length;
  }

  private static double[] logSoftmax(float[] logits) {
    double most = Double.NEGATIVE_INFINITY;
    for (float value : logits) {
      most = Math.max(most, value);
    }
    double sum = 0;
    for (float value : logits) {
      sum += Math.exp(value - most);
    }
    double[] log = new double[logits.length];
    for (int i = 0; i < log.length; i++) {
      log[i] = logits[i] - most - Math.log(sum);
    }
    return log;
  }

  /** Of the changes {@code after − before} of two engines, over all prompts and tokens. */
  private static double correlation(float[][] b1, float[][] a1, float[][] b2, float[][] a2) {
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int p = 0; p < b1.length; p++) {
      for (int v = 0; v < b1[p].length; v++) {
        double x = a1[p][v] - b1[p][v];
        double y = a2[p][v] - b2[p][v];
        xy += x * y;
        xx += x * x;
        yy += y * y;
      }
    }
    return xy / Math.sqrt(xx * yy);
  }

  private static double distance(float[][] b1, float[][] a1, float[][] b2, float[][] a2) {
    double error = 0;
    double norm = 0;
    for (int p = 0; p < b1.length; p++) {
      for (int v = 0; v < b1[p].length; v++) {
        double x = a1[p][v] - b1[p][v];
        double y = a2[p][v] - b2[p][v];
        error += (x - y) * (x - y);
        norm += y * y;
      }
    }
    return Math.sqrt(error / norm);
  }

  private static void note(String format, Object... values) throws IOException {
    Files.createDirectories(FIGURES.getParent());
    String line = String.format(Locale.ROOT, format, values) + System.lineSeparator();
    Files.write(
        FIGURES,
        line.getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
