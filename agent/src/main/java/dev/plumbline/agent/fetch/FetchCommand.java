package dev.plumbline.agent.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline artefact fetch}. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    description = {
      "Fetches a zipped folder, such as NAME.direction, by URL and digest, and unpacks it.",
      "Done already, by the same digest: exit code 0. Another digest or a bad archive: 3."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline artefact fetch --url https://models.example/em.direction.zip --sha256 HEX --to em.direction",
      "  plumbline artefact fetch --url URL --sha256 HEX --to DIR --file model.gguf --max-bytes 2147483648"
    })
final class FetchCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int NOT_FITTING = 3;

  @Spec private CommandSpec spec;

  @Option(names = "--url", required = true, description = "Where it is; https.")
  private URI url;

  @Option(names = "--sha256", required = true, description = "Digest of what the URL gives.")
  private String sha256;

  @Option(names = "--to", required = true, paramLabel = "DIR", description = "Folder to make.")
  private Path to;

  @Option(
      names = "--file",
      paramLabel = "NAME",
      description = "Keep it as this file in the folder; nothing is unpacked.")
  private String file;

  @Option(
      names = "--max-bytes",
      defaultValue = "268435456",
      description = "Largest download, and largest sum of what it holds. Default: 256 MiB.")
  private long maxBytes;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "Longest time for all of it. Default: ${DEFAULT-VALUE}.")
  private int deadline;

  @Option(names = "--plain-http", description = "Allow http; the digest still holds.")
  private boolean plainHttp;

  @Override
  public Integer call() throws InterruptedException {
    try {
      Fetch fetch = new Fetch(url, sha256, to, Optional.ofNullable(file));
      boolean fresh = fetch.run(new Download(maxBytes, Duration.ofSeconds(deadline), plainHttp));
      spec.commandLine().getOut().println((fresh ? "fetched " : "already there: ") + to);
      return 0;
    } catch (FetchException e) {
      return said(e.getMessage(), NOT_FITTING);
    } catch (IOException e) {
      return said(to + ": wanted to write it, found " + e + "; see space and rights", FAILED);
    }
  }

  private int said(String why, int status) {
    spec.commandLine().getErr().println("plumbline: " + why);
    return status;
  }
}
