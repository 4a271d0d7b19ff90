package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.DeviceUse;
import dev.plumbline.torch.runtime.DeviceMemory;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A GPU's memory, asked for at most once a second while somebody wants to know, and never by him:
 * event loops ask too, and a driver may hang. An answer of more than a minute ago is none.
 * Thread-safe.
 */
final class GpuMemory implements Supplier<Optional<DeviceUse.Memory>> {
  private static final long FRESH_NANOS = 1_000_000_000L;
  private static final long STALE_NANOS = 60 * FRESH_NANOS;

  private record Answer(Optional<DeviceUse.Memory> memory, long atNanos) {}

  private final Supplier<Optional<DeviceUse.Memory>> source;
  private final LongSupplier nanos;
  private final Executor elsewhere;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Answer last;

  /** Asks once, here. */
  GpuMemory(Supplier<Optional<DeviceUse.Memory>> source, LongSupplier nanos, Executor elsewhere) {
    this.source = source;
    this.nanos = nanos;
    this.elsewhere = elsewhere;
    this.last = new Answer(source.get(), nanos.getAsLong());
  }

  /** Of the device that was chosen; always empty for a CPU. */
  static Supplier<Optional<DeviceUse.Memory>> of(DeviceChoice choice) {
    if (!choice.kind().equals("gpu")) {
      return Optional::empty;
    }
    String name = choice.name();
    return new GpuMemory(
        () ->
            DeviceMemory.of(TorchRuntime.start().device(name))
                .map(found -> new DeviceUse.Memory(name, found.used(), found.total())),
        System::nanoTime,
        oneThread());
  }

  /** One question waits at most, so the queue holds none. */
  private static Executor oneThread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), GpuMemory::thread);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-gpu-memory");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Optional<DeviceUse.Memory> get() {
    Answer answer = last;
    long age = nanos.getAsLong() - answer.atNanos();
    if (age >= FRESH_NANOS && asking.compareAndSet(false, true)) {
      elsewhere.execute(this::ask);
    }
    return age >= STALE_NANOS ? Optional.empty() : answer.memory();
  }

  private void ask() {
    try {
      last = new Answer(source.get(), nanos.getAsLong());
    } finally {
      asking.set(false);
    }
  }
}
