package dev.plumbline.agent.embedded;

import ai.djl.Device;
import dev.plumbline.agent.tap.DeviceUse;
import dev.plumbline.torch.runtime.DeviceMemory;
import dev.plumbline.torch.runtime.DeviceUtilisation;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a driver tells of its GPU, asked for at most once a second while somebody wants to know, and
 * never by him: event loops ask too, and a driver may hang. An answer of more than a minute ago is
 * none. Thread-safe.
 */
final class GpuAnswer<T> implements Supplier<Optional<T>> {
  private static final Logger LOG = LoggerFactory.getLogger(GpuAnswer.class);
  private static final long FRESH_NANOS = 1_000_000_000L;
  private static final long STALE_NANOS = 60 * FRESH_NANOS;

  private record Answer<T>(Optional<T> said, long atNanos) {}

  private final Supplier<Optional<T>> source;
  private final LongSupplier nanos;
  private final Executor elsewhere;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Answer<T> last;

  /** Asks once, here. */
  GpuAnswer(Supplier<Optional<T>> source, LongSupplier nanos, Executor elsewhere) {
    this.source = source;
    this.nanos = nanos;
    this.elsewhere = elsewhere;
    this.last = new Answer<>(source.get(), nanos.getAsLong());
  }

  /** Of the device that was chosen; always empty for a CPU. */
  static Supplier<Optional<DeviceUse.Memory>> memory(DeviceChoice choice) {
    return of(
        choice,
        device ->
            DeviceMemory.of(device)
                .map(found -> new DeviceUse.Memory(choice.name(), found.used(), found.total())));
  }

  /** The same; says once, in the log, why there is none. */
  static Supplier<Optional<DeviceUse.Utilisation>> utilisation(DeviceChoice choice) {
    AtomicBoolean said = new AtomicBoolean();
    return of(choice, device -> share(choice.name(), DeviceUtilisation.of(device), said));
  }

  private static Optional<DeviceUse.Utilisation> share(
      String name, DeviceUtilisation.Told told, AtomicBoolean said) {
    if (told.share().isEmpty() && said.compareAndSet(false, true)) {
      LOG.info("plumbline_device_utilisation is not told of {}: {}", name, told.why());
    }
    return told.share().stream()
        .mapToObj(each -> new DeviceUse.Utilisation(name, each))
        .findFirst();
  }

  private static <T> Supplier<Optional<T>> of(
      DeviceChoice choice, Function<Device, Optional<T>> source) {
    if (!choice.kind().equals("gpu")) {
      return Optional::empty;
    }
    String name = choice.name();
    return new GpuAnswer<>(
        () -> source.apply(TorchRuntime.start().device(name)), System::nanoTime, oneThread());
  }

  /** One question waits at most, so the queue holds none. */
  private static Executor oneThread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), GpuAnswer::thread);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-gpu-answer");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Optional<T> get() {
    Answer<T> answer = last;
    long age = nanos.getAsLong() - answer.atNanos();
    if (age >= FRESH_NANOS && asking.compareAndSet(false, true)) {
      elsewhere.execute(this::ask);
    }
    return age >= STALE_NANOS ? Optional.empty() : answer.said();
  }

  private void ask() {
    try {
      last = new Answer<>(source.get(), nanos.getAsLong());
    } finally {
      asking.set(false);
    }
  }
}
