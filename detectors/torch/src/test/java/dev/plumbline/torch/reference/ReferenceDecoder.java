package dev.plumbline.torch.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A decoder forward in float64 on plain arrays, the judge of the runtime. Pre-norm blocks of
 * RMSNorm (Zhang &amp; Sennrich 2019), grouped-query attention (Ainslie et al. 2023) with rotary
 * positions, and SwiGLU (Shazeer 2020): Llama 2/3, Mistral, Qwen2/2.5, Qwen3, SmolLM2. It shares no
 * code with the runtime, keeps no cache and knows no batch.
 *
 * <p>Weights are asked for by their Hugging Face names, as row-major {@code [out, in]} matrices;
 * read, not kept.
 */
public final class ReferenceDecoder {

  private final ReferenceConfig config;
  private final Function<String, double[]> weights;
  private final Map<String, ReferenceLora> adapters;
  private final double[] frequencies;

  public ReferenceDecoder(ReferenceConfig config, Function<String, double[]> weightsByHfName) {
    this(config, weightsByHfName, Map.of());
  }

  /** {@code adapters} by module name, such as {@code model.layers.0.self_attn.q_proj}. */
  public ReferenceDecoder(
      ReferenceConfig config,
      Function<String, double[]> weightsByHfName,
      Map<String, ReferenceLora> adapters) {
    this.config = config;
    this.weights = weightsByHfName;
    this.adapters = Map.copyOf(adapters);
    this.frequencies = config.rope().frequencies(config.headDim());
  }

  public ReferenceTrace forward(int[] tokens) {
    return forward(tokens, ReferenceEdit.NONE);
  }

  /**
   * Runs {@code tokens} from position 0; {@code edit} sees and may change the stream after every
   * writer.
   */
  public ReferenceTrace forward(int[] tokens, ReferenceEdit edit) {
    List<double[][]> stream = new ArrayList<>();
    double[][] h = keep(stream, embed(tokens), edit);
    for (int layer = 0; layer < config.layers(); layer++) {
      String block = "model.layers." + layer + ".";
      double[][] attention = attention(layer, norm(block + "input_layernorm", h));
      h = keep(stream, sum(h, attention), edit);
      double[][] mlp = mlp(block + "mlp.", norm(block + "post_attention_layernorm", h));
      h = keep(stream, sum(h, mlp), edit);
    }
    double[][] normed = norm("model.norm", h);
    String head = config.tiedHead() ? "model.embed_tokens" : "lm_head";
    return new ReferenceTrace(stream, normed, linear(head, normed, config.vocabulary(), false));
  }

  private static double[][] keep(List<double[][]> stream, double[][] h, ReferenceEdit edit) {
    for (int t = 0; t < h.length; t++) {
      edit.apply(stream.size(), t, h[t]);
    }
    stream.add(h);
    return h;
  }

  private double[][] embed(int[] tokens) {
    double[] table = weight("model.embed_tokens.weight");
    double[][] h = new double[tokens.length][config.width()];
    for (int t = 0; t < tokens.length; t++) {
      System.arraycopy(table, tokens[t] * config.width(), h[t], 0, config.width());
    }
    return h;
  }

  private double[][] attention(int layer, double[][] x) {
    String module = "model.layers." + layer + ".self_attn.";
    int heads = config.heads();
    int shared = config.keyValueHeads();
    boolean bias = config.queryKeyValueBias();
    double[][][] q = heads(linear(module + "q_proj", x, heads * config.headDim(), bias));
    double[][][] k = heads(linear(module + "k_proj", x, shared * config.headDim(), bias));
    double[][][] v = heads(linear(module + "v_proj", x, shared * config.headDim(), bias));
    place(q, module + "q_norm");
    place(k, module + "k_norm");
    double[][] mixed = new double[x.length][heads * config.headDim()];
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < heads; head++) {
        int group = head / (heads / shared);
        double[] shares = softmax(scores(layer, q[t][head], k, t, group));
        for (int s = 0; s <= t; s++) {
          for (int i = 0; i < config.headDim(); i++) {
            mixed[t][head * config.headDim() + i] += shares[s] * v[s][group][i];
          }
        }
      }
    }
    return linear(module + "o_proj", mixed, config.width(), config.outputBias());
  }

  /**
   * {@code q·k / sqrt(headDim)} against every earlier position, minus infinity where the layer may
   * not look.
   */
  private double[] scores(int layer, double[] q, double[][][] k, int position, int group) {
    double[] scores = new double[position + 1];
    for (int s = 0; s <= position; s++) {
      double dot = 0;
      for (int i = 0; i < q.length; i++) {
        dot += q[i] * k[s][group][i];
      }
      boolean seen = config.sees(layer, position, s);
      scores[s] = seen ? dot / Math.sqrt(q.length) : Double.NEGATIVE_INFINITY;
    }
    return scores;
  }

  private static double[] softmax(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double[] shares = new double[scores.length];
    double total = 0;
    for (int s = 0; s < scores.length; s++) {
      shares[s] = Math.exp(scores[s] - max);
      total += shares[s];
    }
    for (int s = 0; s < shares.length; s++) {
      shares[s] /= total;
    }
    return shares;
  }

  /** {@code [T][heads · headDim]} as {@code [T][heads][headDim]}. */
  private double[][][] heads(double[][] x) {
    double[][][] split = new double[x.length][x[0].length / config.headDim()][config.headDim()];
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < split[t].length; head++) {
        System.arraycopy(x[t], head * config.headDim(), split[t][head], 0, config.headDim());
      }
    }
    return split;
  }

  /** Gives queries or keys their position, after the norm of each head where there is one. */
  private void place(double[][][] x, String norm) {
    for (int t = 0; t < x.length; t++) {
      if (config.queryKeyNorm()) {
        x[t] = norm(norm, x[t]);
      }
      for (double[] head : x[t]) {
        ReferenceRope.rotate(head, frequencies, t);
      }
    }
  }

  /** {@code down(silu(gate x) ∘ up x)}. */
  private double[][] mlp(String module, double[][] x) {
    int inner = weight(module + "up_proj.weight").length / config.width();
    double[][] gate = linear(module + "gate_proj", x, inner, config.mlpBias());
    double[][] up = linear(module + "up_proj", x, inner, config.mlpBias());
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < inner; i++) {
        up[t][i] *= gate[t][i] / (1 + Math.exp(-gate[t][i]));
      }
    }
    return linear(module + "down_proj", up, config.width(), config.mlpBias());
  }

  /** {@code w ∘ x / sqrt(mean(x²) + ε)}, row by row. */
  private double[][] norm(String module, double[][] x) {
    double[] scale = weight(module + ".weight");
    double[][] y = new double[x.length][scale.length];
    for (int t = 0; t < x.length; t++) {
      double squares = 0;
      for (double value : x[t]) {
        squares += value * value;
      }
      double root = Math.sqrt(squares / scale.length + config.normEpsilon());
      for (int i = 0; i < scale.length; i++) {
        y[t][i] = scale[i] * x[t][i] / root;
      }
    }
    return y;
  }

  /** {@code W x + bias}, and the module's adapter if it has one. */
  private double[][] linear(String module, double[][] x, int out, boolean biased) {
    double[] matrix = weight(module + ".weight");
    double[] bias = biased ? weight(module + ".bias") : new double[out];
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = bias[o] + dot(matrix, o * x[t].length, x[t]);
      }
      if (adapters.containsKey(module)) {
        adapters.get(module).addTo(y[t], x[t]);
      }
    }
    return y;
  }

  private static double dot(double[] matrix, int offset, double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += matrix[offset + i] * x[i];
    }
    return sum;
  }

  private static double[][] sum(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][a[0].length];
    for (int t = 0; t < a.length; t++) {
      for (int i = 0; i < a[t].length; i++) {
        sum[t][i] = a[t][i] + b[t][i];
      }
    }
    return sum;
  }

  private double[] weight(String name) {
    double[] values = weights.apply(name);
    if (values == null) {
      throw new IllegalArgumentException(
          "wanted tensor "
              + name
              + ", found none in the weights given; name it as Hugging Face does");
    }
    return values;
  }
}
