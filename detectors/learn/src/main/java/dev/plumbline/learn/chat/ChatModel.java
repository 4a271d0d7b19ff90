package dev.plumbline.learn.chat;

import ai.djl.Device;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatTemplate;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** A chat model on disk, opened: weights to load, tokenizer, template. Closed by its maker. */
public final class ChatModel implements AutoCloseable {
  /** Longer sequences than these questions and answers ever make. */
  private static final int POSITIONS = 1024;

  private final Checkpoint checkpoint;
  private final TextTokenizer tokenizer;
  private final ChatTemplate template;

  private ChatModel(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
    this.template =
        checkpoint
            .chatTemplate()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "chat template: wanted one, found none in "
                            + checkpoint.path()
                            + "; give a chat model"));
    this.tokenizer = checkpoint.tokenizer();
  }

  /** Opens a folder or a GGUF file. */
  public static ChatModel open(Path path) {
    // Before the tokenizer: with its native library loaded first, libtorch's autograd crashes.
    TorchRuntime.start();
    Checkpoint checkpoint = Checkpoint.open(path);
    try {
      return new ChatModel(checkpoint);
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /** The weights on the CPU; closed by the caller. */
  public Decoder load(Precision precision) {
    return DecoderLoader.load(checkpoint, precision, Device.cpu(), POSITIONS);
  }

  public Checkpoint checkpoint() {
    return checkpoint;
  }

  public ModelConfig config() {
    return checkpoint.config();
  }

  public TextTokenizer tokenizer() {
    return tokenizer;
  }

  public ChatTemplate template() {
    return template;
  }

  public ChatEncoder encoder() {
    return new ChatEncoder(tokenizer, template);
  }

  /** Tokens that end an answer. */
  public Set<Long> stopIds() {
    return config().eosIds().stream().map(Integer::longValue).collect(Collectors.toSet());
  }

  @Override
  public void close() {
    tokenizer.close();
    checkpoint.close();
  }
}
