package dev.plumbline.agent.oip;

/** What Triton's statistics extension asks for, since the start. Thread-safe. */
final class Statistics {

  /**
   * One kind of duration.
   *
   * @param count how often
   * @param ns nanoseconds altogether
   */
  record Total(long count, long ns) {
    private static final Total ZERO = new Total(0, 0);

    Total plus(long more) {
      return new Total(count + 1, ns + more);
    }
  }

  /**
   * The durations of one call in nanoseconds.
   *
   * @param queue waiting for a worker
   * @param input parsing
   * @param infer computing
   * @param output writing the answer
   */
  record Times(long queue, long input, long infer, long output) {
    long all() {
      return queue + input + infer + output;
    }
  }

  /**
   * All of it at one moment.
   *
   * @param lastMillis Unix time of the last call, 0 before it
   */
  record Snapshot(
      long lastMillis,
      Total success,
      Total fail,
      Total queue,
      Total input,
      Total infer,
      Total output) {}

  private Snapshot now =
      new Snapshot(0, Total.ZERO, Total.ZERO, Total.ZERO, Total.ZERO, Total.ZERO, Total.ZERO);

  synchronized void succeeded(long millis, Times times) {
    now =
        new Snapshot(
            millis,
            now.success.plus(times.all()),
            now.fail,
            now.queue.plus(times.queue),
            now.input.plus(times.input),
            now.infer.plus(times.infer),
            now.output.plus(times.output));
  }

  synchronized void failed(long millis, long ns) {
    now =
        new Snapshot(
            millis, now.success, now.fail.plus(ns), now.queue, now.input, now.infer, now.output);
  }

  synchronized Snapshot snapshot() {
    return now;
  }
}
