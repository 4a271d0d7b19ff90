package dev.plumbline.torch.checkpoint;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a decoder looks like, whatever file it came from: pre-norm blocks of grouped-query rotary
 * attention and SwiGLU.
 *
 * @param architecture the Hugging Face {@code model_type}: {@code llama}, {@code mistral}, {@code
 *     qwen2}, {@code qwen3}
 * @param layers blocks, {@code L}
 * @param hidden width of the residual stream, {@code D}
 * @param heads query heads
 * @param kvHeads key-value heads, a divisor of {@code heads}
 * @param headDim width of a head, even
 * @param intermediate width of the MLP
 * @param vocab rows of the embedding, {@code V}
 * @param rmsNormEps added to the mean square in every norm
 * @param ropeTheta base of the rotary frequencies
 * @param ropeScaling what they are divided by
 * @param tieWordEmbeddings whether the head is the embedding
 * @param attentionBias whether the q, k and v projections have biases
 * @param outputBias whether the attention output projection has one
 * @param qkNorm whether each head's queries and keys are RMS-normed before the rotary embedding
 * @param maxPositions the longest context the model was made for
 * @param slidingWindow how many positions back every layer attends, if limited
 * @param bosId the token that begins a text, if there is one
 * @param eosIds the tokens that end generation, possibly several
 */
public record ModelConfig(
    String architecture,
    int layers,
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    int intermediate,
    int vocab,
    double rmsNormEps,
    double ropeTheta,
    RopeScaling ropeScaling,
    boolean tieWordEmbeddings,
    boolean attentionBias,
    boolean outputBias,
    boolean qkNorm,
    int maxPositions,
    OptionalInt slidingWindow,
    OptionalInt bosId,
    List<Integer> eosIds) {
  private static final int WIDEST = 1 << 20;
  private static final int MOST_LAYERS = 4096;
  private static final int MOST_TOKENS = 1 << 24;

  public ModelConfig {
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(ropeScaling, "ropeScaling");
    Objects.requireNonNull(slidingWindow, "slidingWindow");
    Objects.requireNonNull(bosId, "bosId");
    eosIds = List.copyOf(eosIds);
    Positive.require("layers", layers, MOST_LAYERS);
    Positive.require("hidden size", hidden, WIDEST);
    Positive.require("heads", heads, WIDEST);
    Positive.require("key-value heads", kvHeads, heads);
    Positive.require("head width", headDim, WIDEST);
    Positive.require("intermediate size", intermediate, WIDEST);
    Positive.require("vocabulary", vocab, MOST_TOKENS);
    Positive.require("largest position", maxPositions, Integer.MAX_VALUE);
    Positive.require("rms_norm_eps", rmsNormEps);
    Positive.require("rope_theta", ropeTheta);
    if (heads % kvHeads != 0 || headDim % 2 != 0 || (long) heads * headDim > WIDEST) {
      throw new IllegalArgumentException(
          "wanted heads a multiple of key-value heads, an even head width and heads times head width up to "
              + WIDEST
              + ", found "
              + heads
              + ", "
              + kvHeads
              + " and "
              + headDim);
    }
    if (ropeScaling instanceof RopeScaling.Factors factors && factors.pairs() != headDim / 2) {
      throw new IllegalArgumentException(
          "wanted " + headDim / 2 + " rope frequency divisors, found " + factors.pairs());
    }
    slidingWindow.ifPresent(
        window -> Positive.require("sliding window", window, Integer.MAX_VALUE));
    bosId.ifPresent(id -> requireToken("bos token", id, vocab));
    eosIds.forEach(id -> requireToken("eos token", id, vocab));
  }

  private static void requireToken(String name, int id, int vocab) {
    if (id < 0 || id >= vocab) {
      throw new IllegalArgumentException(
          "wanted a " + name + " from 0 to " + (vocab - 1) + ", found " + id);
    }
  }

  /** Whether a decoder of this kind has that weight. */
  public boolean has(Weight weight) {
    return switch (weight) {
      case HEAD -> !tieWordEmbeddings;
      case Q_BIAS, K_BIAS, V_BIAS -> attentionBias;
      case O_BIAS -> outputBias;
      case Q_NORM, K_NORM -> qkNorm;
      default -> true;
    };
  }

  /** The shape of a weight, row-major: {@code [out, in]} or {@code [out]}. */
  public List<Long> shape(Weight weight) {
    long d = hidden;
    long q = (long) heads * headDim;
    long kv = (long) kvHeads * headDim;
    long i = intermediate;
    return switch (weight) {
      case EMBED, HEAD -> List.of((long) vocab, d);
      case FINAL_NORM, ATTN_NORM, MLP_NORM, O_BIAS -> List.of(d);
      case Q -> List.of(q, d);
      case K, V -> List.of(kv, d);
      case Q_BIAS -> List.of(q);
      case K_BIAS, V_BIAS -> List.of(kv);
      case O -> List.of(d, q);
      case Q_NORM, K_NORM -> List.of((long) headDim);
      case GATE, UP -> List.of(i, d);
      case DOWN -> List.of(d, i);
    };
  }

  /** How many layers have that weight: {@code layers}, 1, or 0 if none. */
  public int copies(Weight weight) {
    return has(weight) ? weight.perLayer() ? layers : 1 : 0;
  }
}
