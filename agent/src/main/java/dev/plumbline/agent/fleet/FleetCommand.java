package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a fleet is told to do. What is signed are the bytes of {@link #encode()}: JSON with the
 * version, the fleet's name, a sequence number and the time of issue inside.
 *
 * @param fleet its name: worth nothing in another
 * @param sequence above all earlier ones of the same key
 * @param issued when it was signed
 * @param verb what to do
 * @param target a model's name for {@code arm} and {@code disarm}, an artefact's for {@code
 *     publish}; else empty
 * @param digest content of the artefact to judge by, SHA-256 in hexadecimal; empty for none
 * @param size its bytes
 */
public record FleetCommand(
    String fleet,
    long sequence,
    Instant issued,
    Verb verb,
    String target,
    String digest,
    int size) {
  /** The version this build writes, and the highest it reads. */
  public static final int VERSION = 1;

  /** The most bytes of an encoded command. */
  public static final int MOST_BYTES = 2048;

  private static final int MOST_NAME = 128;

  /** What to do. */
  public enum Verb {
    /** Judge by this artefact. */
    PUBLISH,
    /** Judge by an earlier artefact again; with no digest by the configured one. */
    ROLLBACK,
    /** The route's trigger: armed, and not below it. */
    ARM,
    /** The route's trigger: off, and left to its levels. */
    DISARM,
    /** Plain proxies. */
    OFF,
    /** No longer. */
    ON;

    /** The word in a command and in JSON. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Verb> find(String word) {
      return Arrays.stream(values()).filter(verb -> verb.wireName().equals(word)).findFirst();
    }

    boolean ofRoute() {
      return this == ARM || this == DISARM;
    }

    boolean ofArtefact() {
      return this == PUBLISH || this == ROLLBACK;
    }
  }

  public FleetCommand {
    Check.that(
        fleet.matches("[A-Za-z0-9._-]{1,64}"), "fleet of a command", "a name", "another", "fix it");
    Check.that(sequence > 0, "sequence of a command", "1 or more", sequence, "sign it anew");
    boolean named = verb.ofRoute() || verb == Verb.PUBLISH;
    Check.that(
        named ? !target.isBlank() && target.length() <= MOST_NAME : target.isEmpty(),
        "target of " + verb.wireName(),
        named ? "a name of at most " + MOST_NAME : "none",
        target.length() + " characters",
        "sign it anew");
    boolean digested = verb == Verb.PUBLISH || verb == Verb.ROLLBACK && !digest.isEmpty();
    Check.that(
        digested ? digest.matches("[0-9a-f]{64}") : digest.isEmpty(),
        "digest of " + verb.wireName(),
        digested ? "64 hexadecimal digits" : "none",
        digest.length() + " characters",
        "sign it anew");
    Check.that(
        digested ? size > 0 && size <= PackedArtefact.MOST_BYTES : size == 0,
        "size of " + verb.wireName(),
        digested ? "1 to " + PackedArtefact.MOST_BYTES : "0",
        size,
        "publish a smaller artefact");
  }

  /** What it decides: of two commands with the same slot one holds. */
  String slot() {
    if (verb.ofRoute()) {
      return "route/" + target;
    }
    return verb.ofArtefact() ? "artefact" : "switch";
  }

  /** The bytes to sign; a new array. */
  public byte[] encode() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("version", VERSION)
        .put("fleet", fleet)
        .put("sequence", sequence)
        .put("issued", issued.toEpochMilli())
        .put("verb", verb.wireName())
        .put("target", target)
        .put("digest", digest)
        .put("size", size);
    return node.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads {@link #encode()}; fields that are not known are skipped.
   *
   * @throws WireRefusal with the reason, and of a newer version before anything else is looked at
   */
  static FleetCommand decode(byte[] message) {
    JsonNode node = StrictJson.object(message, MOST_BYTES);
    if (node.path("version").asInt(0) != VERSION) {
      throw new WireRefusal(node.path("version").isInt() ? Refusal.WRONG_VERSION : Refusal.GARBAGE);
    }
    try {
      return new FleetCommand(
          node.path("fleet").asText(),
          node.path("sequence").asLong(),
          Instant.ofEpochMilli(node.path("issued").asLong()),
          Verb.find(node.path("verb").asText()).orElseThrow(IllegalArgumentException::new),
          node.path("target").asText(),
          node.path("digest").asText(),
          node.path("size").asInt());
    } catch (IllegalArgumentException e) {
      throw new WireRefusal(Refusal.GARBAGE);
    }
  }
}
