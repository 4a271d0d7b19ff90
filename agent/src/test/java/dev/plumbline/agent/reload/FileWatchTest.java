package dev.plumbline.agent.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir private Path dir;
  private final AtomicInteger told = new AtomicInteger();

  @Test
  void look_newContent_countsOnceAndOnlyWhenSeenTwice() throws IOException {
    Path file = Files.writeString(dir.resolve("a.yaml"), "mode: observe");
    try (FileWatch watch = settled(file)) {
      Files.writeString(file, "mode: anno");
      watch.look();
      Files.writeString(file, "mode: annotate");
      watch.look();
      assertThat(told).hasValue(0);
      watch.look();
      watch.look();
      assertThat(told).hasValue(1);
    }
  }

  @Test
  void look_turnedLink_isANewContent() throws IOException {
    Path one = Files.createDirectory(dir.resolve("..2026_1"));
    Path two = Files.createDirectory(dir.resolve("..2026_2"));
    Files.writeString(one.resolve("a.yaml"), "mode: observe");
    Files.writeString(two.resolve("a.yaml"), "mode: annotate");
    Path data = Files.createSymbolicLink(dir.resolve("..data"), one);
    Path file =
        Files.createSymbolicLink(dir.resolve("a.yaml"), dir.resolve("..data").resolve("a.yaml"));
    try (FileWatch watch = settled(file)) {
      Path turned = Files.createSymbolicLink(dir.resolve("..tmp"), two);
      Files.move(turned, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      watch.look();
      watch.look();
      assertThat(told).hasValue(1);
    }
  }

  @Test
  void look_fileGone_countsOnce() throws IOException {
    Path file = Files.writeString(dir.resolve("a.yaml"), "mode: observe");
    try (FileWatch watch = settled(file)) {
      Files.delete(file);
      for (int i = 0; i < 4; i++) {
        watch.look();
      }
      assertThat(told).hasValue(1);
    }
  }

  @Test
  void look_notTaken_isOfferedAgain() throws IOException {
    Path file = Files.writeString(dir.resolve("a.yaml"), "mode: observe");
    AtomicBoolean ready = new AtomicBoolean();
    try (FileWatch watch =
        new FileWatch(
            file,
            () -> {
              told.incrementAndGet();
              return ready.get();
            })) {
      watch.look();
      watch.look();
      watch.look();
      ready.set(true);
      watch.look();
      watch.look();
      assertThat(told).hasValue(3);
    }
  }

  /** A watch that has seen what is there. */
  private FileWatch settled(Path file) {
    FileWatch watch = new FileWatch(file, () -> told.incrementAndGet() > 0);
    watch.look();
    watch.look();
    assertThat(told).hasValue(1);
    told.set(0);
    return watch;
  }
}
