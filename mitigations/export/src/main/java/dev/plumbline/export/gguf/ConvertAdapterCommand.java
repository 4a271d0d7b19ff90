package dev.plumbline.export.gguf;

import dev.plumbline.torch.cli.Exit;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline export convert-adapter PEFT --model M --out FILE}. */
@Command(
    name = "convert-adapter",
    mixinStandardHelpOptions = true,
    description = "Turns a PEFT LoRA folder of any rank into a GGUF adapter for llama.cpp.",
    footerHeading = "%nExamples:%n",
    footer = {"  plumbline export convert-adapter PEFT --model DIR --out adapter.gguf"})
public final class ConvertAdapterCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PEFT", description = "A folder with adapter_config.json.")
  private Path adapter;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "M",
      description = "The model it was trained on: a folder or GGUF file.")
  private Path model;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "GGUF to write.")
  private Path out;

  @Override
  public Integer call() {
    return Exit.of(spec, this::convert);
  }

  private int convert() {
    int changed = PeftToGguf.convert(adapter, model, out);
    spec.commandLine().getOut().println("wrote " + out + ": " + changed + " tensors changed");
    spec.commandLine().getOut().flush();
    return 0;
  }
}
