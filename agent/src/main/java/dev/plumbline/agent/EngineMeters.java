package dev.plumbline.agent;

import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origin.TextModels;
import dev.plumbline.agent.tap.DeviceUse;
import dev.plumbline.agent.tap.DeviceUse.Utilisation;
import dev.plumbline.agent.tap.FollowUse;
import dev.plumbline.agent.tap.Tap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The meters of the reader, the device and the queue before them: of whatever engines are loaded at
 * the time of the scrape, so that counters begin anew with other engines, as at a restart.
 */
final class EngineMeters {
  private final Meters meters;
  private final Supplier<Engines.Loaded> loaded;

  /** Registers those that are there from the beginning. */
  EngineMeters(Meters meters, Supplier<Engines.Loaded> loaded) {
    this.meters = meters;
    this.loaded = loaded;
    reader();
    device();
  }

  private FollowUse use() {
    return loaded.get().tap().map(Tap::followUse).orElse(FollowUse.NONE);
  }

  private DeviceUse fares() {
    return loaded.get().device().get();
  }

  /** Those of models that are served; call once there are any. */
  void queue() {
    meters.gauge(
        Meter.QUEUE_DEPTH,
        () -> loaded.get().models().map(TextModels::queueDepth).orElse(0),
        "generation");
    meters.gauge(
        Meter.QUEUE_CAPACITY,
        () -> loaded.get().models().map(TextModels::queueCapacity).orElse(0),
        "generation");
  }

  private void reader() {
    meters.level(Meter.READER_TOKENS, () -> use().liveTokens(), "live");
    meters.level(Meter.READER_TOKENS, () -> use().keptTokens(), "kept");
    meters.level(Meter.READER_BYTES, () -> use().bytes());
    meters.level(Meter.READER_BYTES_BOUND, () -> use().boundBytes());
    meters.total(Meter.READER_CACHE, () -> use().hits(), "hit");
    meters.total(Meter.READER_CACHE, () -> use().evictions(), "evicted");
    meters.total(Meter.READER_CACHE, () -> use().lapses(), "lapsed");
    meters.total(Meter.READER_REUSED, () -> use().hitTokens());
    meters.total(Meter.READER_ANSWERS, () -> use().followed(), "followed");
    meters.total(Meter.READER_ANSWERS, () -> use().readWhole(), "whole");
    meters.total(Meter.READER_ANSWERS, () -> use().mismatches(), "mismatched");
  }

  private void device() {
    for (String kind : new String[] {"cpu", "gpu", "none"}) {
      meters.gauge(Meter.DEVICE, () -> fares().kind().equals(kind) ? 1 : 0, kind);
    }
    meters.amountTotal(Meter.DEVICE_BUSY, () -> fares().busyNanos() / 1e9);
    meters.gauge(Meter.DEVICE_FAILING, () -> fares().failing() ? 1 : 0);
    meters.total(Meter.DEVICE_BREAKS, () -> fares().opened());
    meters.total(Meter.DEVICE_FAILURES, () -> fares().outOfMemory(), "out_of_memory");
    meters.total(Meter.DEVICE_FAILURES, () -> fares().otherFailures(), "other");
    meters.total(Meter.DEVICE_REFUSED, () -> fares().refused());
    meters.gauge(Meter.READER_BATCH_LIMIT, () -> fares().limitTokens(), "now");
    meters.gauge(Meter.READER_BATCH_LIMIT, () -> fares().boundTokens(), "bound");
    meters.total(Meter.READER_PASSES, () -> fares().passes());
    meters.total(Meter.READER_PASS_ROWS, () -> fares().rows());
    meters.total(Meter.READER_PASS_TOKENS, () -> fares().tokens(), "text");
    meters.total(Meter.READER_PASS_TOKENS, () -> fares().padding(), "padding");
  }

  /** Of a device that tells it: a series that is always 0 would pass for an idle, empty GPU. */
  void told(Engines.Loaded opened) {
    DeviceUse found = opened.device().get();
    found
        .utilisation()
        .ifPresent(
            use ->
                meters.amount(
                    Meter.DEVICE_UTILISATION,
                    () -> fares().utilisation().map(Utilisation::share).orElse(Double.NaN),
                    use.device()));
    found
        .memory()
        .ifPresent(
            memory -> {
              memory(DeviceUse.Memory::used, memory.device(), "used");
              memory(DeviceUse.Memory::total, memory.device(), "total");
            });
  }

  private void memory(ToLongFunction<DeviceUse.Memory> of, String... labels) {
    meters.amount(
        Meter.DEVICE_MEMORY,
        () -> fares().memory().map(each -> (double) of.applyAsLong(each)).orElse(Double.NaN),
        labels);
  }
}
