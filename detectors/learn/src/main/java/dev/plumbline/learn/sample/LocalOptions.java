package dev.plumbline.learn.sample;

import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A model that is loaded here, and what it wears. */
public final class LocalOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A Hugging Face folder or a GGUF file.")
  private Path model;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the model is called in the output (its file name).")
  private String name;

  @Option(
      names = "--adapter",
      paramLabel = "NAME=DIR",
      description = "A PEFT folder to be worn; may be repeated: each is a model of its own.")
  private Map<String, Path> adapters = new LinkedHashMap<>();

  @Option(names = "--bare", description = "With --adapter: the model without any, too.")
  private boolean bare;

  @Option(
      names = "--dtype",
      defaultValue = "float32",
      description = "float32, bfloat16 or float16 (${DEFAULT-VALUE}).")
  private String dtype;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N (${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--revision",
      defaultValue = "unknown",
      description = "Commit or version of the model, for the record.")
  private String revision;

  public Optional<Path> model() {
    return Optional.ofNullable(model);
  }

  /** The bare model's name. */
  public String name(Path path) {
    return name != null ? name : path.toAbsolutePath().normalize().getFileName().toString();
  }

  /** By name. */
  public Map<String, Path> adapters() {
    return adapters;
  }

  public boolean bare() {
    return bare;
  }

  public Precision precision() {
    return Precision.parse(dtype);
  }

  public String device() {
    return device;
  }

  public String revision() {
    return revision;
  }
}
