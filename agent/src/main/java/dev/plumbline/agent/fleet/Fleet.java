package dev.plumbline.agent.fleet;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The way to the other agents: each member says what it knows as one text, and hears those of the
 * others; pieces of artefacts go by their content. Nothing that comes from here is to be trusted:
 * who can reach the port can say anything.
 *
 * <p>Threads: all calls come from the fleet's own thread and may wait, up to a deadline each; never
 * from an event loop. Errors: {@link FleetException}.
 */
public interface Fleet extends AutoCloseable {
  /** The largest text a member says, and the largest that is heard. */
  int MOST_BYTES = 512 << 10;

  /** Forms a fleet or joins one; waits. Again where {@link #joined} does not hold any more. */
  void join();

  /** Whether it is in a fleet, be it of one; one that ended by itself is none. */
  boolean joined();

  /** Who is there now. */
  View view();

  /** Says this in the place of what was said before. */
  void say(Shared said);

  /**
   * What the others in the view say, by member; one that says nothing in time holds up no other.
   */
  Map<String, Heard> hear();

  /** Entries kept here that belong to no member of the view, so nobody reads them; no waiting. */
  int strays();

  /** Keeps a piece of an artefact for everybody. */
  void keep(String key, byte[] piece);

  /** A piece, if it is kept and no longer than {@code most} bytes. */
  Optional<byte[]> kept(String key, int most);

  @Override
  void close();

  /**
   * Who is there.
   *
   * @param self this agent; another name after a partition has healed
   * @param members all of them, this one too
   */
  record View(String self, Set<String> members) {
    public View {
      members = Set.copyOf(members);
    }
  }

  /** What a member has under its name. */
  sealed interface Heard {}

  /**
   * A text in a version.
   *
   * @param version of the wire
   * @param oldest the oldest version whose reader understands it, but for what is new
   * @param text read, not kept
   */
  record Shared(int version, int oldest, byte[] text) implements Heard {
    /** For readers of its own version. */
    public Shared(int version, byte[] text) {
      this(version, version, text);
    }
  }

  /**
   * Something else.
   *
   * @param what for the log
   */
  record Garbage(String what) implements Heard {}

  /** It did not come in time. */
  record Late() implements Heard {}

  /** The fleet could not be reached in time. */
  final class FleetException extends RuntimeException {
    public FleetException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
