package dev.plumbline.torch.artefact;

import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.Weight;
import dev.plumbline.torch.text.ChatTemplate;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The pin of a model on disk: what an artefact learned on it, or held against it, compares. */
public final class ModelPins {
  /** Up to this many bytes of weights every byte is digested; above, samples of every tensor. */
  public static final long FULL_UP_TO_BYTES = 1L << 30;

  /** What stands for the template hash of a model without a chat template. */
  public static final String NO_TEMPLATE = "none";

  private ModelPins() {}

  /**
   * The pin of an open checkpoint, whose tokenizer is opened and closed for it. Takes about a
   * second per 500 MB of weights.
   *
   * @param id name of the model; a label
   * @param revision commit or version; a label
   */
  public static ModelPin of(Checkpoint checkpoint, String id, String revision) {
    try (TextTokenizer tokenizer = checkpoint.tokenizer()) {
      return of(checkpoint, tokenizer, checkpoint.chatTemplate(), id, revision);
    }
  }

  /** The same with a tokenizer and template that are open already; neither is kept. */
  public static ModelPin of(
      Checkpoint checkpoint,
      TextTokenizer tokenizer,
      Optional<ChatTemplate> template,
      String id,
      String revision) {
    ModelConfig config = checkpoint.config();
    return new ModelPin(
        id,
        revision,
        config.architecture(),
        config.layers(),
        config.hidden(),
        config.vocab(),
        Digests.sha256(tokenizer.toJson().getBytes(StandardCharsets.UTF_8)),
        template.map(ChatTemplate::sha256).orElse(NO_TEMPLATE),
        fingerprint(checkpoint));
  }

  /** The size decides, not the caller: the same model must give the same text everywhere. */
  private static String fingerprint(Checkpoint checkpoint) {
    return bytes(checkpoint) <= FULL_UP_TO_BYTES
        ? "sha256:" + checkpoint.fingerprint()
        : "sha256-sampled:" + checkpoint.quickFingerprint();
  }

  private static long bytes(Checkpoint checkpoint) {
    ModelConfig config = checkpoint.config();
    long bytes = 0;
    for (Weight weight : Weight.values()) {
      for (int layer = 0; layer < config.copies(weight); layer++) {
        long elements = config.shape(weight).stream().reduce(1L, Math::multiplyExact);
        bytes += checkpoint.type(weight, layer).bytes(elements);
      }
    }
    return bytes;
  }
}
