package dev.plumbline.agent.proxy;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.shm.Regions;
import dev.plumbline.agent.wire.oip.OipException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The regions of system shared memory that clients have registered with each origin through this
 * agent. Each origin's are bounded in number; one over the bound is not known here, and counted.
 * Thread-safe; owns the open files. What says that it touches files is not for an event loop.
 */
public final class OriginRegions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OriginRegions.class);
  private static final int MAX_LINE = 300;

  private final Path folder;
  private final Optional<Integer> mostBytes;
  private final Meters meters;
  private final Map<String, Regions> byOrigin = new ConcurrentHashMap<>();
  private final Set<Event> said = ConcurrentHashMap.newKeySet();

  /** What happens to regions and the tensors in them. */
  enum Event {
    REGISTERED("registered", false),
    UNREGISTERED("unregistered", false),
    /** The origin took it, the agent could not. */
    REFUSED("refused", true),
    READ("read", false),
    WRITTEN("written", false),
    NOT_PERMITTED("not_permitted", true),
    /** A tensor that did not come along, and nobody said where it is. */
    NO_PLACE("no_place", true),
    UNREADABLE("unreadable", true),
    UNWRITABLE("unwritable", true);

    private final String label;
    private final boolean fault;

    Event(String label, boolean fault) {
      this.label = label;
      this.fault = fault;
    }
  }

  /**
   * @param folder where memory objects are
   * @param mostBytes of one tensor; empty where nobody permitted a look
   */
  public OriginRegions(Path folder, Optional<Integer> mostBytes, Meters meters) {
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.meters = meters;
  }

  /** Whether regions may be looked into at all. */
  boolean permitted() {
    return mostBytes.isPresent();
  }

  /** Whether an origin knows any region. */
  boolean any(String origin) {
    return of(origin).filter(Regions::any).isPresent();
  }

  Optional<Regions> of(String origin) {
    return Optional.ofNullable(byOrigin.get(origin));
  }

  /** An origin has done what was asked of it. Touches files. */
  void done(String origin, Optional<RegionCall> call) {
    if (call.isEmpty()) {
      happened(Event.REFUSED, "wanted a registration of a region, found another body");
    } else if (call.get() instanceof RegionCall.Register register) {
      register(origin, register);
    } else if (call.get() instanceof RegionCall.Unregister gone) {
      of(origin).ifPresent(regions -> regions.unregister(gone.name()));
      happened(Event.UNREGISTERED, "");
    }
  }

  /** An origin takes no name twice: a name that is known here is one it has forgotten since. */
  private void register(String origin, RegionCall.Register call) {
    Regions regions =
        byOrigin.computeIfAbsent(origin, any -> new Regions(folder, mostBytes.orElse(0)));
    try {
      if (!call.name().isEmpty()) {
        regions.unregister(call.name());
      }
      regions.register(call.name(), call.key(), call.offset(), call.byteSize());
      happened(Event.REGISTERED, "");
    } catch (OipException e) {
      happened(
          Event.REFUSED,
          e.getMessage() + "; see that the agent has the /dev/shm of client and model server");
    }
  }

  /** Counts it, and says a fault of each kind once. The text may quote a client. */
  void happened(Event event, String what) {
    meters.count(Meter.OIP_REGIONS, event.label);
    if (event.fault && said.add(event)) {
      String line = what.length() > MAX_LINE ? what.substring(0, MAX_LINE) : what;
      LOG.warn(
          "shared memory of an origin: {}; counted as {}, said once",
          line.replaceAll("[^\\x20-\\x7e]", "?"),
          event.label);
    }
  }

  @Override
  public void close() {
    byOrigin.values().forEach(Regions::close);
  }
}
