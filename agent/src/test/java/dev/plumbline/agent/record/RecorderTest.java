package dev.plumbline.agent.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.agent.metrics.Meters;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  private static final RecordedExchange ONE =
      new RecordedExchange(
          "id",
          "m",
          3,
          4,
          Optional.empty(),
          "aligned",
          Optional.empty(),
          OptionalDouble.of(0.1),
          Optional.of("lean"),
          Map.of());

  @TempDir private Path dir;
  private final Meters meters = new Meters();

  @Test
  void close_writesWhatWaits_andNothingAfter() throws Exception {
    Path file = dir.resolve("r.jsonl");
    Recorder recorder = new Recorder(file, meters);
    for (int i = 0; i < 100; i++) {
      recorder.keep(ONE);
    }
    recorder.close();
    recorder.keep(ONE);
    assertThat(Files.readAllLines(file)).hasSize(100);
    assertThat(meters.scrape())
        .contains("plumbline_records_total{result=\"written\"} 100")
        .contains("plumbline_records_total{result=\"dropped\"} 1");
  }

  @Test
  void file_isItsOwnersOnly() throws Exception {
    assumeTrue(dir.getFileSystem().supportedFileAttributeViews().contains("posix"), "needs POSIX");
    Path file = dir.resolve("r.jsonl");
    new Recorder(file, meters).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  /** Of one that was there, the group keeps what it was given. */
  @Test
  void file_thatOthersCouldRead_isTheirsNoMore() throws Exception {
    assumeTrue(dir.getFileSystem().supportedFileAttributeViews().contains("posix"), "needs POSIX");
    Path file = Files.writeString(dir.resolve("old.jsonl"), "before\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    new Recorder(file, meters).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(file).hasContent("before");
  }

  @Test
  void fullDisk_costsTheRecordAndIsCounted() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs Linux's /dev/full");
    Recorder recorder = new Recorder(full, meters);
    recorder.keep(ONE);
    recorder.close();
    assertThat(meters.scrape()).contains("plumbline_records_total{result=\"failed\"} 1");
  }

  @Test
  void missingFolder_isOneClearError() {
    assertThatThrownBy(() -> new Recorder(dir.resolve("no/r.jsonl"), meters))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("record.file");
  }
}
