package dev.plumbline.agent.record;

import dev.plumbline.agent.config.Key;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline record}: {@code serve} that also keeps what it reads. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    description = {
      "Stands in front of a model server and keeps exchanges as JSON lines.",
      "Kept are lengths, verdict and score; prompts and answers only with --text. Options after --"
          + " go to 'plumbline serve'."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline record --origin http://127.0.0.1:8000 --out exchanges.jsonl",
      "  plumbline record --origin URL --out FILE --text -- --model DIR --direction DIR"
    })
public final class RecordCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--origin", paramLabel = "URL", required = true, description = "Model server.")
  private String origin;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "Appended to.")
  private Path out;

  @Option(names = "--text", description = "Keep prompts and answers. Mind who may read the file.")
  private boolean text;

  @Parameters(paramLabel = "OPTION", description = "Options of serve.")
  private List<String> more = new ArrayList<>();

  @Override
  public Integer call() {
    List<String> serve = new ArrayList<>(List.of("serve", "--origin", origin));
    serve.addAll(List.of("--set", Key.RECORD_FILE.key() + "=" + out.toAbsolutePath()));
    serve.addAll(List.of("--set", Key.RECORD_TEXT.key() + "=" + text));
    serve.addAll(more);
    return spec.root().commandLine().execute(serve.toArray(String[]::new));
  }
}
