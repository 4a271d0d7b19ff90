package dev.plumbline.learn.job;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells a person how far a long task is. */
@FunctionalInterface
public interface Progress {
  /** Begins a task of so many steps; closed when it ends. */
  Task begin(String name, long steps);

  /** A task under way. Not thread-safe. */
  interface Task extends AutoCloseable {
    void step(long steps);

    /** A few words beside the bar, such as the loss. */
    default void note(String text) {}

    @Override
    void close();
  }

  /** Tells nobody. */
  static Progress silent() {
    return (name, steps) ->
        new Task() {
          @Override
          public void step(long done) {}

          @Override
          public void close() {}
        };
  }

  /** A bar on standard error for each task. */
  static Progress bars() {
    return (name, steps) -> {
      ProgressBar bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(steps)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(500)
              .build();
      return new Task() {
        @Override
        public void step(long done) {
          bar.stepBy(done);
        }

        @Override
        public void note(String text) {
          bar.setExtraMessage(text);
        }

        @Override
        public void close() {
          bar.close();
        }
      };
    };
  }
}
