package dev.plumbline.core.spi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The commit a source tree stands at, for results files. */
public final class SourceCommit {
  private SourceCommit() {}

  /**
   * The short commit, with {@code -dirty} where the tree was changed; {@code unknown} without git.
   */
  public static String here() {
    String root = System.getProperty("plumbline.root", ".");
    try {
      Process git =
          new ProcessBuilder(
                  "git", "-C", Path.of(root).toString(), "describe", "--always", "--dirty")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      boolean done = git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0;
      return done && !text.isEmpty() ? text : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
