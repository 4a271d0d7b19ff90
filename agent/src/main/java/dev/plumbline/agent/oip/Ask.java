package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.Parameters;
import dev.plumbline.core.residual.Site;
import dev.plumbline.core.residual.TapPoint;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a request's parameters ask for.
 *
 * @param direction the artefact's name, when it is insisted on
 * @param point where {@code hidden_states} was read, when it is said
 * @param ablate take the direction out
 * @param toZero to a projection of 0 instead of the aligned mean
 * @param sequence the call is one of several
 */
record Ask(
    Optional<String> direction,
    Optional<TapPoint> point,
    boolean ablate,
    boolean toZero,
    Optional<Part> sequence) {

  /** Understood here, or by Triton's clients and harmless here. */
  private static final Set<String> KNOWN =
      Set.of(
          "direction",
          "layer",
          "site",
          "mode",
          "baseline",
          "sequence_id",
          "sequence_start",
          "sequence_end",
          "priority",
          "timeout",
          Parameters.BINARY_DATA_OUTPUT);

  /**
   * A call of a sequence.
   *
   * @param id the client's, a number or a text
   * @param start its first call
   * @param end its last call
   */
  record Part(String id, boolean start, boolean end) {}

  /**
   * @throws RuntimeException a {@link Refusal} or a known one, when a parameter is unknown or wrong
   */
  static Ask of(Parameters parameters) {
    for (String name : parameters.values().keySet()) {
      if (!KNOWN.contains(name)) {
        throw Refusal.invalid(
            "parameters: wanted some of " + new java.util.TreeSet<>(KNOWN) + ", found " + name);
      }
    }
    return new Ask(
        parameters.text("direction"),
        point(parameters),
        word(parameters, "mode", "observe", "ablate"),
        word(parameters, "baseline", "aligned", "zero"),
        sequence(parameters));
  }

  private static boolean word(Parameters parameters, String name, String usual, String other) {
    String found = parameters.text(name).orElse(usual);
    if (!found.equals(usual) && !found.equals(other)) {
      throw Refusal.invalid(
          "parameter %s: wanted %s or %s, found another word".formatted(name, usual, other));
    }
    return found.equals(other);
  }

  private static Optional<TapPoint> point(Parameters parameters) {
    OptionalLong layer = parameters.whole("layer");
    Optional<String> site = parameters.text("site");
    if (layer.isEmpty() && site.isEmpty()) {
      return Optional.empty();
    }
    try {
      Site where = site.map(Site::parse).orElse(Site.RESID_POST);
      return Optional.of(new TapPoint(Math.toIntExact(layer.orElse(-1)), where));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Refusal.invalid("parameters layer and site: " + e.getMessage());
    }
  }

  private static Optional<Part> sequence(Parameters parameters) {
    boolean start = parameters.flag("sequence_start").orElse(false);
    boolean end = parameters.flag("sequence_end").orElse(false);
    Object id = parameters.values().get("sequence_id");
    boolean named = id != null && !id.equals(0L) && !id.equals("");
    if (!named && (start || end)) {
      throw Refusal.invalid(
          "parameter sequence_id: wanted one with sequence_start or _end, found none");
    }
    if (named && !(id instanceof Long || id instanceof String text && text.length() <= 256)) {
      throw Refusal.invalid(
          "parameter sequence_id: wanted a number or a short text, found another value");
    }
    return named ? Optional.of(new Part(id.toString(), start, end)) : Optional.empty();
  }
}
