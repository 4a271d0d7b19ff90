package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.core.sign.TrustedKeys;
import dev.plumbline.mitigations.trigger.Command;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's place in the fleet. On a thread of its own, once a second: hears the others, judges
 * what they say, puts in force what holds, and says what it knows itself. Requests ask only what
 * was put in force last, and never wait. Without the others it goes on alone with what it knows.
 * Thread-safe.
 */
public final class FleetDesk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FleetDesk.class);
  private static final long BEAT_MILLIS = 1000;
  private static final int MOST_SERIES = 256;
  private static final Duration LAG = Duration.ofSeconds(10);
  private static final String NEWER = "newer_parts";
  private static final String LATE = "late";
  private static final String UNTIMELY = "untimely_scores";

  private final Parts parts;
  private final Fleet fleet;
  private final String process;
  private final TrustedKeys keys;
  private final CommandBook book;
  private final Optional<StateFile> file;
  private final Artefacts artefacts;
  private final RouteBoard board;
  private final Tally tally;
  private final FleetTriggers triggers;
  private final Scores scores;
  private final Roster roster = new Roster();
  private final Once reported = new Once();
  private final Map<String, Done> done = new TreeMap<>();
  private final Musters musters;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(FleetDesk::thread);
  private volatile Fleet.View view = new Fleet.View("", java.util.Set.of());
  private boolean joined;
  private long beat;

  /**
   * What the desk works with.
   *
   * @param host does what the fleet decides
   * @param own the agent's own triggers
   * @param raisesTo what an active route raises the mode to; empty for nothing
   * @param models which names have labels
   * @param announce is told of events: a name and JSON; does not wait
   * @param build the software's version
   */
  public record Parts(
      FleetSettings settings,
      Host host,
      Triggers own,
      Optional<Mode> raisesTo,
      LabelNames models,
      Meters meters,
      Clock clock,
      BiConsumer<String, String> announce,
      String build) {}

  /** What became of an accepted command, and when it was accepted. */
  private record Done(String word, Instant at) {}

  /**
   * @param process a name of this run that no other has
   * @param scratch a folder for artefacts where no state is kept
   */
  public FleetDesk(Parts parts, Fleet fleet, String process, Path scratch) {
    this.parts = parts;
    this.fleet = fleet;
    this.process = process;
    FleetSettings settings = parts.settings();
    this.keys = TrustedKeys.of(settings.trustedKeys());
    this.book = new CommandBook(settings.name(), keys, settings.commandAge(), parts.clock());
    this.file = settings.state().map(StateFile::new);
    this.artefacts =
        new Artefacts(
            settings.state().orElse(scratch).resolve("fleet-artefacts"),
            parts.host(),
            parts.meters());
    this.board = new RouteBoard(settings.quorum(), settings.hold());
    this.tally = new Tally(process, parts.clock(), parts.meters());
    this.triggers =
        new FleetTriggers(
            parts.own(), parts.raisesTo(), board, tally, parts.models(), parts.meters());
    this.scores = new Scores(parts.meters(), parts.host());
    this.musters = new Musters(settings, parts.meters(), parts.clock(), this::announce);
    for (Refusal why : Refusal.values()) {
      parts.meters().count(Meter.FLEET_COMMANDS, 0, why.wireName(), "operator");
      parts.meters().count(Meter.FLEET_COMMANDS, 0, why.wireName(), "member");
    }
  }

  /** The agent's triggers, raised by the fleet's too. */
  public Triggers triggers() {
    return triggers;
  }

  /** Takes up what held before a restart, and begins to look for the others. */
  public void start() {
    remember();
    thread.scheduleWithFixedDelay(this::beat, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** What was accepted before a restart holds again. */
  synchronized void remember() {
    file.filter(from -> from.read(book)).ifPresent(from -> book.held().values().forEach(this::act));
  }

  /** Why the agent is not ready because of the fleet; empty when it is. */
  public Optional<String> waiting() {
    return musters.waiting();
  }

  /** What is wrong with the fleet, for a person; empty for nothing. */
  public Optional<String> alarm() {
    return musters.alarm().or(this::refusal);
  }

  private Optional<String> refusal() {
    Artefacts.View now = artefacts.view();
    return now.state() == Artefacts.State.REFUSED
        ? Optional.of("the fleet's artefact is not used here: " + now.why())
        : Optional.empty();
  }

  private void beat() {
    try {
      tick();
    } catch (RuntimeException e) {
      parts.meters().count(Meter.FLEET_FAILURES, joined ? "beat" : "join");
      musters.seen(view.members().size());
      LOG.warn("the fleet could not be reached: {}", e.toString());
    }
  }

  /** One beat. */
  void tick() {
    if (!joined) {
      fleet.join();
      joined = true;
    }
    view = fleet.view();
    musters.seen(view.members().size());
    Map<String, Fleet.Heard> heard = fleet.hear();
    int strays = fleet.strays();
    byte[] said;
    synchronized (this) {
      Instant now = parts.clock().instant();
      stray(strays - roster.gone());
      heard.forEach((member, what) -> hear(member, what, now));
      roster.present(view.members(), now);
      settle(now);
      said = say();
    }
    fleet.say(new Fleet.Shared(MemberJson.VERSION, said));
    artefacts.step(fleet);
    if (heard.isEmpty() || !heard.values().stream().allMatch(Fleet.Late.class::isInstance)) {
      musters.heard();
    }
  }

  private void stray(int count) {
    if (count > 0 && reported.first("stray " + count)) {
      parts.meters().count(Meter.FLEET_ENTRIES, "stray");
    }
  }

  private void hear(String member, Fleet.Heard what, Instant now) {
    String result = "taken";
    Object kind = "";
    if (what instanceof Fleet.Late) {
      parts.meters().count(Meter.FLEET_FAILURES, LATE);
      return;
    }
    if (what instanceof Fleet.Shared shared && shared.oldest() > MemberJson.VERSION) {
      result = Refusal.WRONG_VERSION.wireName();
      kind = shared.version();
    } else if (what instanceof Fleet.Shared shared) {
      try {
        MemberJson.Read read = MemberJson.read(shared.text(), Tally.minute(parts.clock()));
        roster.heard(member, read.state(), now);
        newer(member, shared.version());
        untimely(member, read);
        read.state().commands().forEach(signed -> offered(member, signed));
        return;
      } catch (WireRefusal | IllegalArgumentException e) {
        result = Refusal.GARBAGE.wireName();
        kind = java.util.Arrays.hashCode(shared.text());
      }
    } else if (what instanceof Fleet.Garbage garbage) {
      result = Refusal.GARBAGE.wireName();
      kind = garbage.what();
    }
    if (reported.first(List.of(member, result, kind))) {
      parts.meters().count(Meter.FLEET_ENTRIES, result);
      LOG.warn("what member {} says is not read: {}", member, result);
    }
  }

  /** What a later build says beyond what this one knows is skipped, and said to be. */
  private void newer(String member, int version) {
    if (version > MemberJson.VERSION && reported.first(List.of(member, NEWER, version))) {
      parts.meters().count(Meter.FLEET_ENTRIES, NEWER);
      LOG.info("member {} speaks wire version {}: what is new in it is not read", member, version);
    }
  }

  private void untimely(String member, MemberJson.Read read) {
    String process = read.state().process();
    if (read.untimely() > 0 && reported.first(List.of(member, UNTIMELY, process))) {
      parts.meters().count(Meter.FLEET_ENTRIES, UNTIMELY);
      LOG.warn("scores of member {} are of another time: see its clock, or this one's", member);
    }
  }

  /** One that only has not caught up yet is no replay. */
  private void offered(String member, SignedCommand signed) {
    CommandBook.Outcome outcome = book.offer(signed, CommandBook.Way.MEMBER);
    if (outcome instanceof CommandBook.Accepted accepted) {
      accepted(accepted.held(), "member");
    } else if (outcome instanceof CommandBook.Refused refused) {
      boolean late = refused.why() == Refusal.REPLAYED && lagging();
      if (!late && reported.first(List.of(member, signed))) {
        refused(refused.why(), "member");
      }
    }
  }

  private boolean lagging() {
    Instant lately = parts.clock().instant().minus(LAG);
    return done.values().stream().anyMatch(each -> each.at().isAfter(lately));
  }

  /**
   * Takes a command from an operator. Waits for files, so not on an event loop.
   *
   * @param content of the artefact that is published; else empty
   */
  public Answer offer(SignedCommand signed, byte[] content) {
    Optional<PackedArtefact> packed =
        content.length == 0 ? Optional.empty() : Optional.of(PackedArtefact.of(content));
    Answer answer;
    synchronized (this) {
      answer = take(signed, packed);
    }
    if (answer.accepted()) {
      soon();
    }
    return answer;
  }

  private Answer take(SignedCommand signed, Optional<PackedArtefact> content) {
    Optional<Refusal> why = book.check(signed);
    if (why.isPresent()) {
      return refused(why.get(), "operator");
    }
    FleetCommand command = signed.verified(keys);
    boolean publishes = command.verb() == FleetCommand.Verb.PUBLISH;
    String digest = content.map(PackedArtefact::digest).orElse("");
    if (publishes ? !digest.equals(command.digest()) : content.isPresent()) {
      return refused(Refusal.WRONG_CONTENT, "operator");
    }
    try {
      content.ifPresent(artefacts::put);
    } catch (IllegalArgumentException e) {
      parts.meters().count(Meter.FLEET_COMMANDS, "unusable", "operator");
      return new Answer("unusable", String.valueOf(e.getMessage()), List.of());
    }
    if (!(book.offer(signed, CommandBook.Way.OPERATOR) instanceof CommandBook.Accepted accepted)) {
      return refused(Refusal.REPLAYED, "operator");
    }
    String word = accepted(accepted.held(), "operator");
    return new Answer(word, "", List.copyOf(view.members()));
  }

  private Answer refused(Refusal why, String way) {
    parts.meters().count(Meter.FLEET_COMMANDS, why.wireName(), way);
    return new Answer(why.wireName(), "the command is not accepted", List.of());
  }

  private void soon() {
    try {
      thread.execute(this::beat);
    } catch (RejectedExecutionException closed) {
      LOG.info("the agent stops: the others hear of the command from nobody here");
    }
  }

  private String accepted(CommandBook.Held held, String way) {
    String word = act(held);
    parts.meters().count(Meter.FLEET_COMMANDS, word, way);
    file.ifPresent(this::keep);
    announce(
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

  private void settle(Instant now) {
    for (RouteBoard.Turn turn : board.hear(roster.findings(now), orders(), now)) {
      LOG.info("the fleet's route {}: {} after {}", turn.route(), turn.to(), turn.from());
      parts.meters().count(Meter.FLEET_ROUTE_TURNS, turn.to().wireName());
      announce(
          JsonNodeFactory.instance
              .objectNode()
              .put("kind", "route")
              .put("name", turn.route())
              .put("from", turn.from().wireName())
              .put("to", turn.to().wireName())
              .put("members", turn.by().size()));
    }
    long minute = Tally.minute(parts.clock());
    Map<Series, Sketch> own = tally.sketches();
    scores.put(own.keySet(), roster.sketches(own, minute - Tally.MINUTES + 1, minute, MOST_SERIES));
  }

  private Map<String, Long> orders() {
    Map<String, Long> orders = new TreeMap<>();
    for (CommandBook.Held held : book.held().values()) {
      if (held.command().verb().ofRoute()) {
        orders.put(held.command().target(), held.command().sequence());
      }
    }
    return orders;
  }

  private byte[] say() {
    byte[] text = MemberJson.write(state(tally.sketches()));
    if (text.length > Fleet.MOST_BYTES) {
      parts.meters().count(Meter.FLEET_FAILURES, "too_large");
      text = MemberJson.write(state(Map.of()));
    }
    return text;
  }

  private MemberState state(Map<Series, Sketch> sketches) {
    Map<String, Long> orders = orders();
    Map<String, Finding> findings = new TreeMap<>();
    parts
        .own()
        .routes()
        .forEach(
            (route, found) ->
                findings.put(
                    route, new Finding(found.status().state(), orders.getOrDefault(route, 0L))));
    return new MemberState(
        process,
        ++beat,
        parts.build(),
        parts.host().off(),
        judging(),
        findings,
        sketches,
        parts.host().adapters(),
        book.held().values().stream().map(CommandBook.Held::signed).toList());
  }

  private MemberState.ArtefactState judging() {
    Artefacts.View now = artefacts.view();
    String name = parts.host().judge().map(Host.Judge::name).orElse("");
    return new MemberState.ArtefactState(
        name.length() > 128 ? name.substring(0, 128) : name, now.digest(), now.state().wireName());
  }

  private void announce(ObjectNode event) {
    parts.announce().accept("fleet", event.toString());
  }

  /** All that is known of the fleet. */
  public synchronized ObjectNode status() {
    Instant now = parts.clock().instant();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("enabled", true).put("name", parts.settings().name());
    musters.describe(node);
    StatusJson.members(node, view, state(Map.of()), roster.all(), now);
    StatusJson.commands(node, book);
    done.forEach((slot, each) -> StatusJson.done(node, slot, each.word()));
    StatusJson.artefact(node, artefacts.view());
    StatusJson.routes(node, parts.own().routes(), board.states());
    scores.describe(node);
    return node;
  }

  /**
   * What an operator is told.
   *
   * @param result {@code applied}, {@code not_applicable} (accepted, but nothing to do here),
   *     {@code unusable} (the artefact), or a {@link Refusal}
   * @param why for a person
   * @param members that will hear of it
   */
  public record Answer(String result, String why, List<String> members) {
    /** Whether it holds from now on. */
    public boolean accepted() {
      return result.equals("applied") || result.equals("not_applicable");
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-fleet");
    thread.setDaemon(true);
    return thread;
  }

  /** Leaves; waits for the beat at work, up to a bound. */
  @Override
  public void close() {
    thread.shutdownNow();
    artefacts.close();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("the fleet's thread did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fleet.close();
  }
}
