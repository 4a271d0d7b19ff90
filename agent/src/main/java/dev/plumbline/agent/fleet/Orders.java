package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.core.sign.TrustedKeys;
import dev.plumbline.mitigations.trigger.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signed commands: takes them from an operator, from members and from before a restart, does
 * what they say here, and keeps them. Not thread-safe: the {@link FleetDesk}'s monitor guards it.
 */
final class Orders {
  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);
  private static final Duration LAG = Duration.ofSeconds(10);
  private static final String OPERATOR = "operator";
  private static final String MEMBER = "member";

  private final FleetDesk.Parts parts;
  private final Artefacts artefacts;
  private final RouteBoard board;
  private final TrustedKeys keys;
  private final CommandBook book;
  private final Optional<StateFile> file;
  private final Once reported = new Once();
  private final Map<String, Done> done = new TreeMap<>();

  /** What became of an accepted command, and when it was accepted. */
  private record Done(String word, Instant at) {}

  Orders(FleetDesk.Parts parts, Artefacts artefacts, RouteBoard board) {
    FleetSettings settings = parts.settings();
    this.parts = parts;
    this.artefacts = artefacts;
    this.board = board;
    this.keys = TrustedKeys.of(settings.trustedKeys());
    this.book = new CommandBook(settings.name(), keys, settings.commandAge(), parts.clock());
    this.file = settings.state().map(StateFile::new);
    for (Refusal why : Refusal.values()) {
      parts.meters().count(Meter.FLEET_COMMANDS, 0, why.wireName(), OPERATOR);
      parts.meters().count(Meter.FLEET_COMMANDS, 0, why.wireName(), MEMBER);
    }
  }

  /** What was accepted before a restart holds again. */
  void remember() {
    file.filter(from -> from.read(book)).ifPresent(from -> book.held().values().forEach(this::act));
  }

  /** Of a member; one that only has not caught up yet is no replay. */
  void heard(String member, SignedCommand signed) {
    CommandBook.Outcome outcome = book.offer(signed, CommandBook.Way.MEMBER);
    if (outcome instanceof CommandBook.Accepted accepted) {
      accepted(accepted.held(), MEMBER);
    } else if (outcome instanceof CommandBook.Refused refused) {
      boolean late = refused.why() == Refusal.REPLAYED && lagging();
      if (!late && reported.first(List.of(member, signed))) {
        refused(refused.why(), MEMBER);
      }
    }
  }

  private boolean lagging() {
    Instant lately = parts.clock().instant().minus(LAG);
    return done.values().stream().anyMatch(each -> each.at().isAfter(lately));
  }

  /**
   * Of an operator.
   *
   * @param content of the artefact that is published; else empty
   * @param view who will hear of it
   */
  FleetDesk.Answer take(SignedCommand signed, Optional<PackedArtefact> content, Fleet.View view) {
    Optional<Refusal> why = book.check(signed).or(() -> mismatch(signed.verified(keys), content));
    if (why.isPresent()) {
      return refused(why.get(), OPERATOR);
    }
    try {
      content.ifPresent(artefacts::put);
    } catch (IllegalArgumentException e) {
      parts.meters().count(Meter.FLEET_COMMANDS, "unusable", OPERATOR);
      return new FleetDesk.Answer("unusable", String.valueOf(e.getMessage()), List.of());
    }
    if (!(book.offer(signed, CommandBook.Way.OPERATOR) instanceof CommandBook.Accepted accepted)) {
      return refused(Refusal.REPLAYED, OPERATOR);
    }
    String word = accepted(accepted.held(), OPERATOR);
    return new FleetDesk.Answer(word, "", List.copyOf(view.members()));
  }

  private static Optional<Refusal> mismatch(
      FleetCommand command, Optional<PackedArtefact> content) {
    boolean publishes = command.verb() == FleetCommand.Verb.PUBLISH;
    String digest = content.map(PackedArtefact::digest).orElse("");
    boolean wrong = publishes ? !digest.equals(command.digest()) : content.isPresent();
    return wrong ? Optional.of(Refusal.WRONG_CONTENT) : Optional.empty();
  }

  private FleetDesk.Answer refused(Refusal why, String way) {
    parts.meters().count(Meter.FLEET_COMMANDS, why.wireName(), way);
    return new FleetDesk.Answer(why.wireName(), "the command is not accepted", List.of());
  }

  private String accepted(CommandBook.Held held, String way) {
    String word = act(held);
    parts.meters().count(Meter.FLEET_COMMANDS, word, way);
    file.ifPresent(this::keep);
    parts.announce(
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "command")
            .put("verb", held.command().verb().wireName())
            .put("target", held.command().target())
            .put("key", held.keyId())
            .put("result", word));
    return word;
  }

  private void keep(StateFile into) {
    try {
      into.write(book);
    } catch (RuntimeException e) {
      parts.meters().count(Meter.FLEET_FAILURES, "state");
      LOG.error("an accepted command does not outlive a restart: {}", e.getMessage());
    }
  }

  private String act(CommandBook.Held held) {
    FleetCommand command = held.command();
    boolean acted =
        switch (command.verb()) {
          case OFF, ON -> parts.host().turn(command.verb() == FleetCommand.Verb.OFF);
          case ARM -> order(command, Command.ARM);
          case DISARM -> order(command, Command.DISARM);
          case PUBLISH, ROLLBACK -> judge(command);
        };
    String word = acted ? "applied" : "not_applicable";
    done.put(command.slot(), new Done(word, parts.clock().instant()));
    return word;
  }

  private boolean order(FleetCommand command, Command order) {
    board.ordered(command.target());
    return parts.host().trigger(command.target(), order);
  }

  /** An agent without anything to judge by keeps the content for the others. */
  private boolean judge(FleetCommand command) {
    artefacts.want(command);
    return parts.host().judges();
  }

  /** The sequence numbers of the commands that hold, by route. */
  Map<String, Long> ofRoutes() {
    Map<String, Long> orders = new TreeMap<>();
    for (CommandBook.Held held : book.held().values()) {
      if (held.command().verb().ofRoute()) {
        orders.put(held.command().target(), held.command().sequence());
      }
    }
    return orders;
  }

  /** Those that hold, as they were signed. */
  List<SignedCommand> held() {
    return book.held().values().stream().map(CommandBook.Held::signed).toList();
  }

  void describe(ObjectNode node) {
    StatusJson.commands(node, book);
    done.forEach((slot, each) -> StatusJson.done(node, slot, each.word()));
  }
}
