package dev.plumbline.agent.enforce;

import dev.plumbline.agent.config.Ablation;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.WireException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The intervention a client names for one request, by {@code plumbline-ablate: NAME}: one of those
 * the operator configured ({@code ablations.NAME}). Like the mode, it may only be raised: where the
 * route demands an intervention already, a named one must do at least that. Anything else is
 * refused, for who names one counts on it.
 */
public final class AskedAblation {
  /** The request header. */
  public static final String HEADER = "plumbline-ablate";

  private AskedAblation() {}

  /**
   * The name to go by.
   *
   * @param header as it came, null for none
   * @param configured what the mode ablate does here, and what may be named
   * @param demanded the mode that holds without this client's word
   * @param mayRaise whether clients may raise it
   * @throws WireException for a name that is none, or may not be named here
   */
  public static Optional<String> of(
      String header, Ablation configured, Mode demanded, boolean mayRaise) {
    if (header == null) {
      return Optional.empty();
    }
    Map<String, Ablation> named = configured.named();
    Ablation wanted = named.get(header.trim());
    if (wanted == null) {
      throw refused("wanted one of " + new TreeSet<>(named.keySet()) + ", found another name");
    }
    boolean holds = demanded == Mode.ABLATE || demanded.screens();
    if (!holds && !mayRaise) {
      throw refused("clients may not raise what is done here (client-modes)");
    }
    if (holds && !wanted.covers(configured)) {
      throw refused(
          "this route demands an intervention of its own, and the one named cannot be held to do at"
              + " least as much; leave the header out, or name one that does");
    }
    return Optional.of(header.trim());
  }

  /** What an agent says that does not run the model itself. */
  public static WireException inFront() {
    return refused("it is for an agent that serves its model itself, and this one does not");
  }

  private static WireException refused(String why) {
    return new WireException(
        WireError.of(
            ErrorKind.INVALID_VALUE, HEADER, "Invalid header '" + HEADER + "': " + why + "."));
  }
}
