package dev.plumbline.learn.chat;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with speed and remaining time on a stream; thread-safe. Closed by its maker. */
final class Progress implements AutoCloseable {
  private final ProgressBar bar;

  Progress(String task, String unit, long total, PrintStream out) {
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(" " + unit, 1)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(2000)
            .showSpeed()
            .setConsumer(new me.tongfei.progressbar.ConsoleProgressBarConsumer(out))
            .build();
  }

  void step() {
    bar.step();
  }

  void stepBy(long steps) {
    bar.stepBy(steps);
  }

  void note(String text) {
    bar.setExtraMessage(text);
  }

  @Override
  public void close() {
    bar.close();
  }
}
