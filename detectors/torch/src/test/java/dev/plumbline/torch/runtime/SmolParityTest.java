package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.reference.ReferenceConfig;
import dev.plumbline.torch.reference.ReferenceDecoder;
import dev.plumbline.torch.reference.ReferenceRope;
import dev.plumbline.torch.reference.ReferenceTrace;
import dev.plumbline.torch.text.TextTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A real model: its first layers against the float64 reference, and how well it knows English. */
class SmolParityTest {
  private static final int LAYERS = 2;

  @Test
  void forward_firstLayers_equalTheReference() {
    try (Checkpoint checkpoint = Checkpoint.open(SmolModel.path())) {
      long[] ids = ids(checkpoint, "The quick brown fox jumps over the lazy dog.");
      ReferenceTrace wanted =
          new ReferenceDecoder(config(checkpoint.config()), weights(checkpoint))
              .forward(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
      check(Precision.FLOAT32, ids, wanted, 1e-5);
      check(Precision.BFLOAT16, ids, wanted, 2e-2);
    }
  }

  private static void check(Precision precision, long[] ids, ReferenceTrace wanted, double bound) {
    List<TapPoint> taps =
        List.of(
            TapPoint.EMBED,
            TapPoint.residMid(0),
            TapPoint.residPost(0),
            TapPoint.residMid(1),
            TapPoint.residPost(1));
    try (Decoder decoder = SmolModel.decoder(precision);
        Watch watch = decoder.watch(taps, List.of());
        Pass pass =
            decoder.forward(new long[][] {ids}, null, watch, null, null, Decoder.Logits.NONE)) {
      for (int s = 0; s < taps.size(); s++) {
        double[] found = TinyModel.widen(pass.states(taps.get(s)));
        assertThat(TinyModel.distance(found, TinyModel.flat(wanted.stream(s))))
            .as("%s in %s", taps.get(s), precision)
            .isLessThan(bound);
      }
    }
  }

  @Test
  void perplexity_ofPlainEnglish_isSane() throws IOException {
    double full = perplexity(Precision.FLOAT32);
    double half = perplexity(Precision.BFLOAT16);

    assertThat(full).isBetween(3.0, 25.0);
    assertThat(Math.log(half)).isCloseTo(Math.log(full), within(0.03));
  }

  @Test
  void tokenizer_anyText_comesBack() {
    try (Checkpoint checkpoint = Checkpoint.open(SmolModel.path());
        TextTokenizer tokenizer = checkpoint.tokenizer()) {
      for (String text :
          List.of(
              "Hello, world!",
              "  two  spaces\n\n\ttab and 1234567890",
              "naïve café, Größe, 北京, привет, 🙂👩‍🚀",
              "for (int i = 0; i < n; i++) { x += y[i]; }")) {
        long[] ids = tokenizer.encode(text, false);
        assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
        assertThat(ids.length).isLessThan(text.getBytes(StandardCharsets.UTF_8).length);
      }
    }
  }

  private static double perplexity(Precision precision) throws IOException {
    long[] ids;
    try (Checkpoint checkpoint = Checkpoint.open(SmolModel.path())) {
      ids = ids(checkpoint, prose());
    }
    try (Decoder decoder = SmolModel.decoder(precision);
        Pass pass =
            decoder.forward(new long[][] {ids}, null, null, null, null, Decoder.Logits.ALL)) {
      float[] logits = pass.logitsToHost();
      double nats = 0;
      for (int t = 0; t + 1 < ids.length; t++) {
        nats += surprise(logits, t * decoder.vocabulary(), decoder.vocabulary(), (int) ids[t + 1]);
      }
      return Math.exp(nats / (ids.length - 1));
    }
  }

  /** −log p of a token under one row of logits. */
  private static double surprise(float[] logits, int from, int count, int token) {
    double max = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < count; v++) {
      max = Math.max(max, logits[from + v]);
    }
    double sum = 0;
    for (int v = 0; v < count; v++) {
      sum += Math.exp(logits[from + v] - max);
    }
    return max + Math.log(sum) - logits[from + token];
  }

  private static String prose() throws IOException {
    try (InputStream in = SmolParityTest.class.getResourceAsStream("/smollm2/prose.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static long[] ids(Checkpoint checkpoint, String text) {
    try (TextTokenizer tokenizer = checkpoint.tokenizer()) {
      return tokenizer.encode(text, false);
    }
  }

  private static ReferenceConfig config(ModelConfig c) {
    return new ReferenceConfig(
        c.vocab(),
        c.hidden(),
        LAYERS,
        c.heads(),
        c.kvHeads(),
        c.headDim(),
        c.rmsNormEps(),
        ReferenceRope.plain(c.ropeTheta()),
        0,
        0,
        c.tieWordEmbeddings(),
        false,
        false,
        false,
        false);
  }

  /** Weights by Hugging Face name, widened. */
  private static Function<String, double[]> weights(Checkpoint checkpoint) {
    Map<String, double[]> kept = new HashMap<>();
    return name ->
        kept.computeIfAbsent(
            name,
            n -> TinyModel.widen(checkpoint.read(weight(n), n.contains("layers.1.") ? 1 : 0)));
  }

  private static Weight weight(String name) {
    String part = name.replaceFirst("^model\\.layers\\.\\d+\\.", "").replace(".weight", "");
    return switch (part) {
      case "model.embed_tokens" -> Weight.EMBED;
      case "model.norm" -> Weight.FINAL_NORM;
      case "input_layernorm" -> Weight.ATTN_NORM;
      case "post_attention_layernorm" -> Weight.MLP_NORM;
      case "self_attn.q_proj" -> Weight.Q;
      case "self_attn.k_proj" -> Weight.K;
      case "self_attn.v_proj" -> Weight.V;
      case "self_attn.o_proj" -> Weight.O;
      case "mlp.gate_proj" -> Weight.GATE;
      case "mlp.up_proj" -> Weight.UP;
      case "mlp.down_proj" -> Weight.DOWN;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
