package dev.plumbline.learn.shards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.ModelPin;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * All that a hidden state's bits depend on besides its text. Members with equal cards (and alike
 * processors) read the same bits; others do not work together.
 *
 * @param weights fingerprint of the weights
 * @param tokenizer its digest
 * @param dtype such as {@code float32}
 * @param adapters digest by name
 * @param machine where it runs
 */
public record ModelCard(
    String weights, String tokenizer, String dtype, Map<String, String> adapters, Machine machine) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int LONGEST = 1 << 16;

  public ModelCard {
    Check.text(weights, "fingerprint of a card");
    Check.that(machine != null, "card", "a machine", "none", "update the member");
    adapters = new TreeMap<>(adapters);
  }

  /** The card of a model that is loaded here, with adapters' folders by name. */
  public static ModelCard of(
      ModelPin pin, String dtype, Map<String, Path> adapters, Machine machine) {
    Map<String, String> digests = new TreeMap<>();
    adapters.forEach((name, folder) -> digests.put(name, AdapterDigest.of(folder)));
    return new ModelCard(pin.weightFingerprint(), pin.tokenizerHash(), dtype, digests, machine);
  }

  /** The same model elsewhere. */
  ModelCard on(Machine other) {
    return new ModelCard(weights, tokenizer, dtype, adapters, other);
  }

  /** One line that {@link #parse} reads. */
  String text() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a card of texts has a JSON form", e);
    }
  }

  /** What a member said; empty if it is no card. */
  static Optional<ModelCard> parse(String text) {
    if (text == null || text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(MAPPER.readValue(text, ModelCard.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * How another falls short of this one, for people; empty if it will do. It may have adapters that
   * this one has not.
   */
  Optional<String> misfit(ModelCard found) {
    StringJoiner differences = new StringJoiner(", ");
    compare(differences, "weights", weights, found.weights);
    compare(differences, "tokenizer", tokenizer, found.tokenizer);
    compare(differences, "dtype", dtype, found.dtype);
    adapters.forEach(
        (name, digest) ->
            compare(differences, "adapter " + name, digest, found.adapters.get(name)));
    compare(differences, "machine", machine, found.machine);
    return differences.length() == 0 ? Optional.empty() : Optional.of(differences.toString());
  }

  private static void compare(StringJoiner to, String what, Object wanted, Object found) {
    if (!Objects.equals(wanted, found)) {
      to.add(what + " " + (found == null ? "none" : found) + " instead of " + wanted);
    }
  }
}
