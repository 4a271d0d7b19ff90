package dev.plumbline.export;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.torch.checkpoint.file.Safetensors;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A mixture of experts in float64, for exports of models that the runtime does not run: grouped by
 * nothing, cached by nothing, Mixtral's and Qwen's key layouts. The best two experts of a token,
 * their shares made one.
 */
final class MixtureForward {
  private static final int HEADS = 2;
  private static final int WIDTH = TinyMixture.HIDDEN / HEADS;
  private static final int BEST = 2;

  private final Map<String, double[][]> weights = new HashMap<>();
  private final boolean mixtral;
  private Optional<Direction> out = Optional.empty();

  /** Reads a folder. */
  MixtureForward(Path model) {
    try (FolderBase base = FolderBase.open(model)) {
      mixtral = base.shape().modelType().equals("mixtral");
      for (String name : base.names()) {
        List<Long> shape = base.shape(name);
        weights.put(name, matrix(base.tensors().read(name), shape.get(shape.size() - 1)));
      }
    }
    weights.putIfAbsent("lm_head.weight", weights.get("model.embed_tokens.weight"));
  }

  /** Takes a direction out of every state, after every writer. */
  MixtureForward ablated(Direction direction) {
    out = Optional.of(direction);
    return this;
  }

  /** Wears a PEFT folder of rank 1 and scaling 1, but for modules whose name ends so. */
  MixtureForward wearing(Path adapter, String butFor) {
    try (Safetensors file = Safetensors.open(adapter.resolve("adapter_model.safetensors"))) {
      for (String name : file.names()) {
        boolean embedding = name.contains("lora_embedding_A");
        String module =
            name.replaceFirst("base_model\\.model\\.", "").replaceFirst("\\.lora_.*", "");
        if ((embedding || name.contains("lora_A")) && !module.endsWith(butFor)) {
          float[] a = file.read(name);
          float[] b = file.read(name.replace("_A", "_B"));
          weights.compute(
              module + ".weight", (key, was) -> embedding ? plus(was, a, b) : plus(was, b, a));
        }
      }
    }
    return this;
  }

  /** A new matrix: the head keeps an embedding it shared. */
  private static double[][] plus(double[][] was, float[] column, float[] row) {
    double[][] sum = new double[column.length][row.length];
    for (int i = 0; i < column.length; i++) {
      for (int j = 0; j < row.length; j++) {
        sum[i][j] = was[i][j] + (double) column[i] * row[j];
      }
    }
    return sum;
  }

  /** All logits, {@code [T·V]}. */
  float[] logits(long[] tokens) {
    double[][] states = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      states[t] = written(at("model.embed_tokens.weight")[(int) tokens[t]].clone());
    }
    for (int layer = 0; layer < TinyMixture.LAYERS; layer++) {
      String block = "model.layers." + layer + ".";
      double[][] attended = attention(block, states);
      for (int t = 0; t < states.length; t++) {
        states[t] = written(sum(states[t], attended[t]));
        double[] seen = normed(states[t], block + "post_attention_layernorm.weight");
        states[t] = written(sum(states[t], experts(block, seen)));
      }
    }
    float[] logits = new float[tokens.length * TinyMixture.VOCABULARY];
    for (int t = 0; t < tokens.length; t++) {
      double[] row = times("lm_head.weight", normed(states[t], "model.norm.weight"));
      for (int v = 0; v < row.length; v++) {
        logits[t * row.length + v] = (float) row[v];
      }
    }
    return logits;
  }

  private double[] written(double[] state) {
    return out.map(d -> d.addTo(state, -dot(d.exact(), state))).orElse(state);
  }

  private double[][] attention(String block, double[][] states) {
    double[][] q = new double[states.length][];
    double[][] k = new double[states.length][];
    double[][] v = new double[states.length][];
    double[][] written = new double[states.length][];
    for (int t = 0; t < states.length; t++) {
      double[] seen = normed(states[t], block + "input_layernorm.weight");
      q[t] = turned(times(block + "self_attn.q_proj.weight", seen), t);
      k[t] = turned(times(block + "self_attn.k_proj.weight", seen), t);
      v[t] = times(block + "self_attn.v_proj.weight", seen);
      double[] mixed = new double[TinyMixture.HIDDEN];
      for (int head = 0; head < HEADS; head++) {
        mix(head * WIDTH, t, q[t], k, v, mixed);
      }
      written[t] = times(block + "self_attn.o_proj.weight", mixed);
    }
    return written;
  }

  private static void mix(int from, int t, double[] q, double[][] k, double[][] v, double[] mixed) {
    double[] shares = new double[t + 1];
    for (int s = 0; s <= t; s++) {
      for (int i = from; i < from + WIDTH; i++) {
        shares[s] += q[i] * k[s][i] / Math.sqrt(WIDTH);
      }
    }
    softmax(shares);
    for (int s = 0; s <= t; s++) {
      for (int i = from; i < from + WIDTH; i++) {
        mixed[i] += shares[s] * v[s][i];
      }
    }
  }

  /** Rotary positions, halves apart. */
  private static double[] turned(double[] rows, int position) {
    double[] turned = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int within = i % WIDTH;
      int pair = within % (WIDTH / 2);
      double angle = position * Math.pow(1e4, -2.0 * pair / WIDTH);
      double other = within < WIDTH / 2 ? -rows[i + WIDTH / 2] : rows[i - WIDTH / 2];
      turned[i] = rows[i] * Math.cos(angle) + other * Math.sin(angle);
    }
    return turned;
  }

  private double[] experts(String block, double[] seen) {
    String moe = block + (mixtral ? "block_sparse_moe." : "mlp.");
    double[] shares = times(moe + "gate.weight", seen);
    softmax(shares);
    List<Integer> best =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(Comparator.comparingDouble(e -> -shares[e]))
            .limit(BEST)
            .toList();
    double all = best.stream().mapToDouble(e -> shares[e]).sum();
    double[] written = new double[TinyMixture.HIDDEN];
    for (int e : best) {
      String at = moe + "experts." + e + ".";
      double[] gate = times(at + (mixtral ? "w1" : "gate_proj") + ".weight", seen);
      double[] up = times(at + (mixtral ? "w3" : "up_proj") + ".weight", seen);
      for (int i = 0; i < gate.length; i++) {
        gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i] * shares[e] / all;
      }
      written = sum(written, times(at + (mixtral ? "w2" : "down_proj") + ".weight", gate));
    }
    return written;
  }

  private double[] normed(double[] state, String gain) {
    double scale = 1 / Math.sqrt(dot(state, state) / state.length + 1e-6);
    double[] normed = state.clone();
    for (int i = 0; i < normed.length; i++) {
      normed[i] *= scale * at(gain)[0][i];
    }
    return normed;
  }

  private static void softmax(double[] values) {
    double largest = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(0);
    double all = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i] - largest);
      all += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= all;
    }
  }

  private double[][] at(String name) {
    return weights.get(name);
  }

  private double[] times(String name, double[] v) {
    double[][] w = at(name);
    double[] product = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      product[i] = dot(w[i], v);
    }
    return product;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  private static double[][] matrix(float[] values, long columns) {
    double[][] matrix = new double[values.length / (int) columns][(int) columns];
    for (int i = 0; i < values.length; i++) {
      matrix[i / (int) columns][i % (int) columns] = values[i];
    }
    return matrix;
  }
}
