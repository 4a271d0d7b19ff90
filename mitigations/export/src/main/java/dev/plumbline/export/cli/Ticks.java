package dev.plumbline.export.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** A line on the error stream for every tenth of the work. */
final class Ticks implements Consumer<String> {
  private final PrintWriter err;
  private final int all;
  private int done;
  private int told;

  Ticks(PrintWriter err, int all) {
    this.err = err;
    this.all = Math.max(1, all);
  }

  @Override
  public void accept(String name) {
    done++;
    int tenths = 10 * done / all;
    if (tenths > told || done == 1) {
      told = tenths;
      err.println(done + " of " + all + ": " + name);
      err.flush();
    }
  }
}
