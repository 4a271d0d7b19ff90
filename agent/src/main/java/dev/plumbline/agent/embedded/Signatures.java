package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.sign.FolderSignature.Verified;
import dev.plumbline.core.sign.TrustedKeys;
import dev.plumbline.torch.artefact.TrustedArtefacts;
import dev.plumbline.torch.cli.NotFittingException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Opens artefacts as {@code direction.trusted-keys} wants them, and tells of each. A folder is read
 * once: whatever may be written to it later, all that is said of it is of what was loaded. Any
 * thread.
 */
final class Signatures {
  private final TrustedArtefacts artefacts;
  private final Map<Path, TrustedArtefacts.Opened> read = new ConcurrentHashMap<>();

  private Signatures(TrustedArtefacts artefacts) {
    this.artefacts = artefacts;
  }

  /** Any artefact is opened, nobody is told. */
  static Signatures unasked() {
    return new Signatures(TrustedArtefacts.any());
  }

  /**
   * @param seen told of each
   * @throws CommandFailure {@link ExitCode#USAGE} if a key file holds no key
   */
  static Signatures of(AgentConfig config, Consumer<OpenedArtefact> seen) {
    try {
      TrustedKeys keys = TrustedKeys.of(config.security().trustedKeys());
      return new Signatures(
          new TrustedArtefacts(keys, (folder, found) -> seen.accept(opened(folder, found))));
    } catch (IllegalArgumentException noKey) {
      throw new CommandFailure(
          ExitCode.USAGE, "direction.trusted-keys: " + noKey.getMessage(), noKey);
    }
  }

  private static OpenedArtefact opened(Path folder, Verified found) {
    return new OpenedArtefact(
        folder.toAbsolutePath().normalize().getFileName().toString(),
        found.status().wireName(),
        found.keyId(),
        found.digest());
  }

  /** The artefact; throws as {@link #open}. */
  Artefact read(Path folder) {
    return open(folder).artefact();
  }

  /**
   * The artefact, and which one it is.
   *
   * @throws CommandFailure {@link ExitCode#NOT_FITTING} if it has no signature that counts
   */
  TrustedArtefacts.Opened open(Path folder) {
    try {
      return read.computeIfAbsent(folder, artefacts::open);
    } catch (NotFittingException unsigned) {
      throw new CommandFailure(ExitCode.NOT_FITTING, unsigned.getMessage(), unsigned);
    }
  }
}
