package dev.plumbline.learn.organism;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal; a line for each tenth of the way anywhere else. One thread. */
final class Progress implements AutoCloseable {
  private static final int LINES = 10;

  private final String name;
  private final int total;
  private final PrintStream out;
  private final ProgressBar bar;
  private int done;

  Progress(String name, int total, PrintStream out) {
    this.name = name;
    this.total = total;
    this.out = out;
    this.bar =
        System.console() == null
            ? null
            : new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
  }

  /** One more is done; {@code note} says how it stands. */
  void step(String note) {
    done++;
    if (bar != null) {
      bar.setExtraMessage(note);
      bar.step();
    } else if (done * LINES / total > (done - 1) * LINES / total) {
      out.println(name + " " + done + "/" + total + " " + note);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
