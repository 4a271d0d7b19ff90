package dev.plumbline.agent.fleet;

import dev.plumbline.core.sign.TrustedKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The commands that hold, and the rules by which one is accepted. Every member has its own and
 * believes nobody: a command counts by its signature, not by who brought it.
 *
 * <p>The merge rule: of all good commands of a slot (the switch, the artefact, one route) the one
 * with the highest sequence number holds, between two keys with the same number the one whose key
 * id is greater. So the book is a join: the order in which commands arrive, and how often, makes no
 * difference to what holds at the end.
 *
 * <p>Replay: a command brought by an operator has to be above every sequence number accepted of its
 * key; one heard from a member above what holds in its slot. Not thread-safe.
 */
final class CommandBook {
  /** Slots at one time: routes that may be armed by hand, and the two others. */
  static final int MOST_SLOTS = 256;

  /** How far clocks may be apart, and how long a command may be on its way from an operator. */
  static final Duration SKEW = Duration.ofMinutes(10);

  private static final Comparator<Held> ORDER =
      Comparator.<Held>comparingLong(held -> held.command().sequence()).thenComparing(Held::keyId);

  private final String fleet;
  private final TrustedKeys keys;
  private final Duration age;
  private final Clock clock;
  private final Map<String, Held> held = new TreeMap<>();
  private final Map<String, Long> highest = new TreeMap<>();

  /** Who brings a command. */
  enum Way {
    /** Somebody at the admin port, just now. */
    OPERATOR,
    /** A member that accepted it before. */
    MEMBER,
    /** This agent, which accepted it before a restart: what held then holds, however old it is. */
    RECORD
  }

  /**
   * A command that holds.
   *
   * @param command what it says
   * @param signed as it was signed
   */
  record Held(FleetCommand command, SignedCommand signed) {
    String keyId() {
      return signed.keyId();
    }
  }

  /** What came of one. */
  sealed interface Outcome {}

  /** It holds from now on. */
  record Accepted(Held held) implements Outcome {}

  /** It holds already. */
  record Known() implements Outcome {}

  /** It does not count. */
  record Refused(Refusal why) implements Outcome {}

  /**
   * @param fleet commands of another are refused
   * @param age the oldest that is taken from a member
   */
  CommandBook(String fleet, TrustedKeys keys, Duration age, Clock clock) {
    this.fleet = fleet;
    this.keys = keys;
    this.age = age;
    this.clock = clock;
  }

  /** Takes a command or says why not. */
  Outcome offer(SignedCommand signed, Way way) {
    for (Held known : held.values()) {
      if (known.signed().equals(signed)) {
        return way == Way.OPERATOR ? new Refused(Refusal.REPLAYED) : new Known();
      }
    }
    try {
      return take(new Held(signed.verified(keys), signed), way);
    } catch (WireRefusal e) {
      return new Refused(e.refusal());
    }
  }

  /** What would come of it; nothing is changed. */
  Optional<Refusal> check(SignedCommand signed) {
    try {
      return refusal(new Held(signed.verified(keys), signed), Way.OPERATOR);
    } catch (WireRefusal e) {
      return Optional.of(e.refusal());
    }
  }

  private Outcome take(Held offered, Way way) {
    Optional<Refusal> why = refusal(offered, way);
    if (why.isPresent()) {
      return new Refused(why.get());
    }
    held.put(offered.command().slot(), offered);
    highest.merge(offered.keyId(), offered.command().sequence(), Math::max);
    return new Accepted(offered);
  }

  private Optional<Refusal> refusal(Held offered, Way way) {
    FleetCommand command = offered.command();
    Instant now = clock.instant();
    if (!command.fleet().equals(fleet)) {
      return Optional.of(Refusal.WRONG_FLEET);
    }
    if (way != Way.RECORD && command.issued().isAfter(now.plus(SKEW))) {
      return Optional.of(Refusal.NOT_YET);
    }
    Duration oldest = way == Way.OPERATOR ? SKEW : age;
    if (way != Way.RECORD && command.issued().isBefore(now.minus(oldest))) {
      return Optional.of(Refusal.TOO_OLD);
    }
    if (replayed(offered, way)) {
      return Optional.of(Refusal.REPLAYED);
    }
    boolean room = held.size() < MOST_SLOTS || held.containsKey(command.slot());
    return room ? Optional.empty() : Optional.of(Refusal.NO_ROOM);
  }

  private boolean replayed(Held offered, Way way) {
    Held holds = held.get(offered.command().slot());
    if (holds != null && ORDER.compare(offered, holds) <= 0) {
      return true;
    }
    return way == Way.OPERATOR && offered.command().sequence() <= highest(offered.keyId());
  }

  /** The highest sequence number accepted of a key; 0 for none. */
  long highest(String keyId) {
    return highest.getOrDefault(keyId, 0L);
  }

  /** The same of all keys, a copy. */
  Map<String, Long> highest() {
    return new TreeMap<>(highest);
  }

  /** A number that is known from before a restart. */
  void remember(String keyId, long sequence) {
    if (keys.ids().contains(keyId)) {
      highest.merge(keyId, sequence, Math::max);
    }
  }

  /** What holds, by slot; a copy. */
  Map<String, Held> held() {
    return new TreeMap<>(held);
  }

  Optional<Held> held(String slot) {
    return Optional.ofNullable(held.get(slot));
  }
}
