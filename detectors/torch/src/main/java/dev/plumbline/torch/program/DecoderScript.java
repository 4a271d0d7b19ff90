package dev.plumbline.torch.program;

import dev.plumbline.core.stats.Divergence;
import dev.plumbline.mitigations.NormPreserving;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The decoder's TorchScript text for one shape: a template (resource {@code decoder.torchscript})
 * whose sizes become constants, so that one JNI call runs all layers.
 *
 * @param layers L
 * @param hidden D, the width of the residual stream
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim Dh, even
 * @param eps of RMSNorm
 * @param qkvBias whether q, k and v carry biases
 * @param outBias whether the attention output carries one
 * @param qkNorm whether q and k are normalised per head before the rotation (Qwen3)
 * @param window positions seen by sliding-window attention; empty sees all
 */
public record DecoderScript(
    int layers,
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    double eps,
    boolean qkvBias,
    boolean outBias,
    boolean qkNorm,
    OptionalInt window) {
  /** Name of the class in the archive. */
  public static final String CLASS_NAME = "Decoder";

  /** Up to so many tokens in a pass, their states are read out together at its end. */
  private static final int FEW_STATES = 32;

  /** Stream indices: embed, then mid and post of each layer, then the final norm. */
  public int streamPoints() {
    return 2 * layers + 2;
  }

  /** The archive to load. */
  public InputStream archive() {
    return ScriptArchive.of(CLASS_NAME, text());
  }

  /** The program's text with every placeholder filled. */
  public String text() {
    String text = template();
    for (Map.Entry<String, String> constant : constants().entrySet()) {
      text = text.replace("@" + constant.getKey() + "@", constant.getValue());
    }
    return text;
  }

  private Map<String, String> constants() {
    String norm = "qk = torch.rms_norm(qk, [" + headDim + "], None, " + eps + ") * self.w[i + 3]";
    String recent =
        window.isPresent() ? "see = see & torch.gt(cols, rows - " + window.getAsInt() + ")" : "";
    return Map.ofEntries(
        Map.entry("LAYERS", Integer.toString(layers)),
        Map.entry("D", Integer.toString(hidden)),
        Map.entry("HQ", Integer.toString(heads)),
        Map.entry("HKV", Integer.toString(kvHeads)),
        Map.entry("DH", Integer.toString(headDim)),
        Map.entry("EPS", Double.toString(eps)),
        Map.entry("GQA", heads == kvHeads ? "False" : "True"),
        Map.entry("QKV_BIAS", qkvBias ? "self.w[i + 2]" : "None"),
        Map.entry("O_BIAS", outBias ? "self.w[i + 5]" : "None"),
        Map.entry("QK_NORM", qkNorm ? norm : "pass"),
        Map.entry("WINDOW", recent.isEmpty() ? "pass" : recent),
        Map.entry("HAS_WINDOW", window.isPresent() ? "True" : "False"),
        Map.entry("FEW", Integer.toString(FEW_STATES * hidden)),
        Map.entry("FLOOR", Double.toString(Divergence.FLOOR)),
        Map.entry("MOST", Double.toString(NormPreserving.MOST)),
        Map.entry("TINY", Float.toString(Float.MIN_NORMAL)),
        Map.entry("READOUT_DTYPE", "6"));
  }

  private static String template() {
    try (InputStream in = DecoderScript.class.getResourceAsStream("decoder.torchscript")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the decoder's program is missing from this build", e);
    }
  }
}
