package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.sign.FolderManifest;
import dev.plumbline.core.sign.FolderSignature;
import dev.plumbline.core.sign.KeyFiles;
import dev.plumbline.core.sign.SigningKey;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.Exit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline direction sign DIR --key NAME.pem}. */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    description = {
      "Signs a direction: writes direction.sig over the digests of all files of the folder.",
      "Agents with direction.trusted-keys load what is signed by one of their keys, nothing else."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  plumbline direction sign em.direction --key ops.pem"})
final class DirectionSignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A folder NAME.direction.")
  private Path folder;

  @Option(
      names = "--key",
      required = true,
      paramLabel = "NAME.pem",
      description = "The private key, made by: plumbline key generate NAME.")
  private Path key;

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description = "Its public half. Default: NAME.pub.pem beside it.")
  private Optional<Path> publicKey = Optional.empty();

  @Override
  public Integer call() {
    return Exit.of(spec, this::sign);
  }

  private int sign() {
    SigningKey signing = KeyFiles.read(key, publicKey.orElseGet(() -> KeyFiles.publicFileOf(key)));
    ArtefactFolder.read(folder);
    FolderManifest manifest = FolderSignature.sign(folder, signing);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("signed %s (%s) with key %s%n", folder, manifest.digest(), signing.id());
    out.flush();
    return Exit.DONE;
  }
}
