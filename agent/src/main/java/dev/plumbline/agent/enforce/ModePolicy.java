package dev.plumbline.agent.enforce;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.config.ModeSettings;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.WireException;
import java.util.Optional;

/**
 * Which mode holds for a request. A client may only raise protection: a header that asks for less
 * than is configured is kept at what is configured, silently, since its sender loses nothing it was
 * promised. A word that is no mode is refused, since its sender believes in a protection that is
 * not there.
 */
public final class ModePolicy {
  /** The request header. */
  public static final String HEADER = "plumbline-mode";

  private final ModeSettings modes;

  public ModePolicy(ModeSettings modes) {
    this.modes = modes;
  }

  /**
   * The mode a client asks for.
   *
   * @throws WireException for a word that is no mode
   */
  public static Optional<Mode> asked(String header) {
    if (header == null) {
      return Optional.empty();
    }
    return Optional.of(Mode.find(header.trim()).orElseThrow(ModePolicy::unknown));
  }

  private static WireException unknown() {
    return new WireException(
        WireError.of(
            ErrorKind.INVALID_VALUE,
            HEADER,
            "Invalid value for the header '" + HEADER + "': wanted one of " + Mode.words() + "."));
  }

  /** What becomes of an answer that needs a verdict and has none. */
  public Fail fail(String model) {
    return modes.failOf(model);
  }

  /** The same where the model is not known. */
  public Fail failUnnamed() {
    return modes.strictestFail();
  }

  /** The mode that holds where the model is not known, or may be any: nobody may hide its name. */
  public Mode resolveUnnamed(Optional<Mode> asked) {
    Mode configured = modes.strictest();
    return modes.clientMayRaise() ? asked.map(configured::max).orElse(configured) : configured;
  }

  /** Whether a client's word counts. */
  public boolean clientMayRaise() {
    return modes.clientMayRaise();
  }

  /** Whether it matters which model is asked. */
  public boolean byModel() {
    return !modes.perModel().isEmpty() || !modes.failPerModel().isEmpty();
  }

  /** The mode that holds. */
  public Mode resolve(String model, Optional<Mode> asked) {
    Mode configured = modes.of(model);
    return modes.clientMayRaise() ? asked.map(configured::max).orElse(configured) : configured;
  }
}
