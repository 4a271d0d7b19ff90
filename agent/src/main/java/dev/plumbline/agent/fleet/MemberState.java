package dev.plumbline.agent.fleet;

import java.util.List;
import java.util.Map;

/**
 * What a member says: about itself, and which commands hold for it.
 *
 * @param process a name of this run, made at its start; the fleet's name for a member changes when
 *     a partition heals, this one does not
 * @param beat grows with each time it says something
 * @param build the software's version
 * @param off whether it is a plain proxy
 * @param artefact what it judges by
 * @param findings of its own triggers, by route
 * @param sketches of its own scores
 * @param adapters state of the ablated variant by origin
 * @param commands that hold for it
 */
record MemberState(
    String process,
    long beat,
    String build,
    boolean off,
    ArtefactState artefact,
    Map<String, Finding> findings,
    Map<Series, Sketch> sketches,
    Map<String, String> adapters,
    List<SignedCommand> commands) {

  /** The most routes, origins and commands of one. */
  static final int MOST_EACH = 256;

  MemberState {
    findings = Map.copyOf(findings);
    sketches = Map.copyOf(sketches);
    adapters = Map.copyOf(adapters);
    commands = List.copyOf(commands);
  }

  /**
   * @param name of what it judges by; empty for nothing
   * @param digest of its content
   * @param state in one word
   */
  record ArtefactState(String name, String digest, String state) {}
}
