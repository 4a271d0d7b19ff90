package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Parts parts;
  private final Fleet fleet;
  private final Artefacts artefacts;
  private final FleetTriggers triggers;
  private final Roster roster = new Roster();
  private final Orders orders;
  private final Hearing hearing;
  private final Merging merging;
  private final Saying saying;
  private final Musters musters;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(FleetDesk::thread);
  private volatile Fleet.View view = new Fleet.View("", java.util.Set.of());

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
      String build) {
    void announce(ObjectNode event) {
      announce.accept("fleet", event.toString());
    }
  }

  /**
   * @param process a name of this run that no other has
   * @param scratch a folder for artefacts where no state is kept
   */
  public FleetDesk(Parts parts, Fleet fleet, String process, Path scratch) {
    this.parts = parts;
    this.fleet = fleet;
    FleetSettings settings = parts.settings();
    Path kept = settings.state().orElse(scratch).resolve("fleet-artefacts");
    this.artefacts = new Artefacts(kept, parts.host(), parts.meters());
    RouteBoard board = new RouteBoard(settings.quorum(), settings.hold());
    Tally tally = new Tally(process, parts.clock(), parts.meters());
    this.triggers =
        new FleetTriggers(
            parts.own(), parts.raisesTo(), board, tally, parts.models(), parts.meters());
    this.orders = new Orders(parts, artefacts, board);
    this.hearing = new Hearing(parts, roster, orders);
    this.merging = new Merging(parts, roster, board, tally);
    this.saying = new Saying(parts, process, orders, artefacts, tally);
    this.musters = new Musters(settings, parts.meters(), parts.clock(), parts::announce);
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
    orders.remember();
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
      parts.meters().count(Meter.FLEET_FAILURES, fleet.joined() ? "beat" : "join");
      musters.seen(view.members().size());
      LOG.warn("the fleet could not be reached: {}", e.toString());
    }
  }

  /** One beat. */
  void tick() {
    if (!fleet.joined()) {
      fleet.join();
    }
    view = fleet.view();
    musters.seen(view.members().size());
    Map<String, Fleet.Heard> heard = fleet.hear();
    fleet.say(settled(heard, fleet.strays()));
    if (heard.isEmpty() || !heard.values().stream().allMatch(Fleet.Late.class::isInstance)) {
      musters.heard();
    }
    artefacts.step(fleet);
  }

  /** Puts in force what was heard; what is to be said after it. */
  private synchronized Fleet.Shared settled(Map<String, Fleet.Heard> heard, int strays) {
    Instant now = parts.clock().instant();
    hearing.all(heard, strays, now);
    roster.present(view.members(), now);
    merging.settle(orders.ofRoutes(), now);
    return saying.next();
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
      answer = orders.take(signed, packed, view);
    }
    if (answer.accepted()) {
      soon();
    }
    return answer;
  }

  private void soon() {
    try {
      thread.execute(this::beat);
    } catch (RejectedExecutionException closed) {
      LOG.info("the agent stops: the others hear of the command from nobody here");
    }
  }

  /** All that is known of the fleet. */
  public synchronized ObjectNode status() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("enabled", true).put("name", parts.settings().name());
    musters.describe(node);
    StatusJson.members(node, view, saying.state(Map.of()), roster.all(), parts.clock().instant());
    orders.describe(node);
    StatusJson.artefact(node, artefacts.view());
    merging.describe(node);
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
