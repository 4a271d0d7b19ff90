package dev.plumbline.torch.model;

import static java.util.stream.Collectors.toSet;

import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatTemplate;
import dev.plumbline.torch.text.TextTokenizer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;

/** A model with everything a command needs of it; closes all. One thread. */
public final class OpenModel implements AutoCloseable {
  private final Path path;
  private final Checkpoint checkpoint;
  private final TextTokenizer tokenizer;
  private final ChatTemplate template;
  private Decoder decoder;

  public OpenModel(Path path) {
    // Before the tokenizer: with its native library loaded first, libtorch's autograd crashes.
    TorchRuntime.start();
    this.path = path;
    this.checkpoint = Checkpoint.open(path);
    this.template =
        checkpoint
            .chatTemplate()
            .orElseThrow(
                () ->
                    new BadFileException(
                        path,
                        "the chat template",
                        "one",
                        "none",
                        "Put chat_template.jinja beside the weights."));
    this.tokenizer = checkpoint.tokenizer();
  }

  public ChatEncoder encoder() {
    return new ChatEncoder(tokenizer, template);
  }

  public ModelConfig config() {
    return checkpoint.config();
  }

  /** The token that ends an answer, if the model has one. */
  public OptionalLong endOfTurn() {
    return EndOfTurn.of(template, tokenizer, checkpoint.config());
  }

  /** The folder's or file's name. */
  public String name() {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  /** Closed with the model. */
  public TextTokenizer tokenizer() {
    return tokenizer;
  }

  /** Tokens that end an answer. */
  public Set<Long> stopIds() {
    return checkpoint.config().eosIds().stream().map(Integer::longValue).collect(toSet());
  }

  public ModelPin pin(String revision) {
    return ModelPins.of(checkpoint, tokenizer, checkpoint.chatTemplate(), name(), revision);
  }

  /** Loads the weights; once. */
  public Decoder load(Precision precision, String device) {
    decoder = DecoderLoader.load(checkpoint, precision, TorchRuntime.start().device(device));
    return decoder;
  }

  public void wear(String name, Path adapter) {
    PeftAdapter read = PeftAdapter.open(adapter, checkpoint.config());
    decoder.adapters().add(name, PeftAdapters.fuse(read, checkpoint.config()));
  }

  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
    }
    tokenizer.close();
    checkpoint.close();
  }
}
