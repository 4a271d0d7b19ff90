package dev.plumbline.learn.direction.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plumbline.core.sign.FolderSignature;
import dev.plumbline.core.sign.FolderSignature.Verified;
import dev.plumbline.core.sign.TrustedKeys;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.Exit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline direction verify DIR --trusted NAME.pub.pem}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Says whether a trusted key signed a direction as it is now.",
      "Exit code 3 where it is unsigned, changed, or signed by somebody else."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  plumbline direction verify em.direction --trusted ops.pub.pem"})
final class DirectionVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A folder NAME.direction.")
  private Path folder;

  @Option(
      names = "--trusted",
      required = true,
      paramLabel = "NAME.pub.pem",
      arity = "1..*",
      description = "Public keys that count.")
  private List<Path> trusted = List.of();

  @Option(names = "--json", description = "Print the finding as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    return Exit.of(spec, this::verify);
  }

  private int verify() {
    Verified found = FolderSignature.verify(folder, TrustedKeys.of(trusted));
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? json(found) : text(found));
    out.flush();
    if (!found.good()) {
      return Exit.NOT_FITTING;
    }
    ArtefactFolder.read(folder);
    return Exit.DONE;
  }

  private String text(Verified found) {
    String by = found.keyId().map(id -> " (key " + id + ")").orElse("");
    return folder + ": " + found.why() + by;
  }

  private static String json(Verified found) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("signature", found.status().wireName())
        .put("key", found.keyId().orElse(null))
        .put("digest", found.digest())
        .put("why", found.why())
        .toString();
  }
}
