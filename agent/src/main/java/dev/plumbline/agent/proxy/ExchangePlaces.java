package dev.plumbline.agent.proxy;

import dev.plumbline.agent.shm.Regions;
import dev.plumbline.agent.tap.oip.Places;
import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.RequestedOutput;
import dev.plumbline.agent.wire.oip.SharedMemory;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where an exchange's tensors lie in the regions of the origin it went to. Its requests are known
 * by their ids; where two of one id want an output in two places, it is in none. Thread-safe.
 */
final class ExchangePlaces implements Places {
  /** Requests of one stream that are told apart; what later ones say is not known. */
  private static final int MOST_REQUESTS = 4096;

  private final OriginRegions regions;
  private final Supplier<String> origin;
  private final Map<String, Map<String, Optional<SharedMemory>>> wanted = new HashMap<>();

  ExchangePlaces(OriginRegions regions, Supplier<String> origin) {
    this.regions = regions;
    this.origin = origin;
  }

  /** What a request asked for. */
  synchronized void wanted(String id, List<RequestedOutput> outputs) {
    if (wanted.size() >= MOST_REQUESTS && !wanted.containsKey(id)) {
      return;
    }
    Map<String, Optional<SharedMemory>> places = wanted.computeIfAbsent(id, any -> new HashMap<>());
    for (RequestedOutput output : outputs) {
      places.merge(
          output.name(), output.region(), (one, two) -> one.equals(two) ? one : Optional.empty());
    }
  }

  /** An answer without its request's id belongs to the request if there was but one. */
  @Override
  public synchronized Optional<SharedMemory> asked(String id, String output) {
    Map<String, Optional<SharedMemory>> places =
        wanted.size() == 1 ? wanted.values().iterator().next() : wanted.get(id);
    return places == null ? Optional.empty() : places.getOrDefault(output, Optional.empty());
  }

  @Override
  public Optional<ByteBuffer> read(Optional<SharedMemory> where, long bytes) {
    if (!regions.permitted()) {
      regions.happened(
          OriginRegions.Event.NOT_PERMITTED,
          "wanted hidden states in the answer, found them in a region; set states.shared-memory");
      return Optional.empty();
    }
    if (where.isEmpty()) {
      regions.happened(
          OriginRegions.Event.NO_PLACE,
          "wanted hidden states or the place of them, found an output without; ask for one place"
              + " an id");
      return Optional.empty();
    }
    try {
      ByteBuffer found = regions().read(within(where.get(), bytes));
      regions.happened(OriginRegions.Event.READ, "");
      return Optional.of(found);
    } catch (OipException e) {
      regions.happened(OriginRegions.Event.UNREADABLE, e.getMessage());
      return Optional.empty();
    }
  }

  private static SharedMemory within(SharedMemory place, long bytes) {
    if (bytes > place.byteSize()) {
      throw OipException.invalid(
          "shared memory region " + place.region(),
          "room for " + bytes + " bytes",
          place.byteSize(),
          "correct shared_memory_byte_size");
    }
    return new SharedMemory(place.region(), place.offset(), bytes);
  }

  private Regions regions() {
    return regions
        .of(origin.get())
        .orElseThrow(
            () ->
                OipException.invalid(
                    "shared memory",
                    "a region registered through this agent",
                    "none",
                    "register it here"));
  }

  @Override
  public boolean write(SharedMemory where, ByteBuffer bytes) {
    try {
      regions().write(within(where, bytes.remaining()), bytes);
      regions.happened(OriginRegions.Event.WRITTEN, "");
      return true;
    } catch (OipException e) {
      regions.happened(OriginRegions.Event.UNWRITABLE, e.getMessage());
      return false;
    }
  }
}
