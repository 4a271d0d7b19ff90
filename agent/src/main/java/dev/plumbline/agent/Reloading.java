package dev.plumbline.agent;

import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.reload.FileWatch;
import dev.plumbline.agent.reload.Reload;
import dev.plumbline.agent.reload.Reloader;
import java.time.Duration;
import java.util.Optional;

/** A reloader and what calls it by itself: the look at its file, where that is asked for. */
final class Reloading implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  private final Reloader reloader;
  private final Optional<FileWatch> watch;

  /**
   * @param watch look for changes of the file
   */
  Reloading(Reloader reloader, ConfigSources sources, boolean watch) {
    this.reloader = reloader;
    this.watch =
        sources
            .file()
            .filter(file -> watch)
            .map(
                file ->
                    new FileWatch(file, () -> !(reloader.reload() instanceof Reload.Busy))
                        .every(BETWEEN_LOOKS));
  }

  Reloader reloader() {
    return reloader;
  }

  @Override
  public void close() {
    watch.ifPresent(FileWatch::close);
  }
}
