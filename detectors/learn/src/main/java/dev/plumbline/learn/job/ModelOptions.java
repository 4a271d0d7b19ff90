package dev.plumbline.learn.job;

import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model a job works on, and how it is loaded. */
public final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model: a Hugging Face folder or a GGUF file.")
  Path model;

  @Option(
      names = "--revision",
      defaultValue = "unknown",
      description = "Commit or version of the model, for the record.")
  String revision;

  @Option(
      names = "--dtype",
      defaultValue = "float32",
      description = "float32, bfloat16 or float16 (${DEFAULT-VALUE}).")
  String dtype;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu, cuda or cuda:N (${DEFAULT-VALUE}).")
  String device;

  public Path path() {
    return model;
  }

  public String revision() {
    return revision;
  }

  public Precision precision() {
    return Precision.parse(dtype);
  }

  public String device() {
    return device;
  }

  /** The model without its weights; closed by the caller. */
  public OpenModel open() {
    return new OpenModel(model);
  }

  /** The weights of an open model, at this precision on this device; closed with it. */
  public Decoder load(OpenModel open) {
    return open.load(precision(), device);
  }
}
