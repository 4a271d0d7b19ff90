package dev.plumbline.agent.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.SharedMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionsTest {
  @TempDir Path root;
  private Path folder;
  private Regions regions;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectory(root.resolve("shm"));
    Files.write(folder.resolve("states"), new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    Files.write(root.resolve("secret"), new byte[100]);
    Files.createSymbolicLink(folder.resolve("link"), root.resolve("secret"));
    Files.createDirectory(folder.resolve("folder"));
    regions = new Regions(folder, 8);
  }

  @AfterEach
  void close() {
    regions.close();
  }

  @Test
  void readAndWrite_areOfTheRegionsPlace() throws IOException {
    regions.register("r", "/states", 2, 6);
    assertThat(regions.read(new SharedMemory("r", 1, 3))).isEqualTo(bytes(3, 4, 5));
    regions.write(new SharedMemory("r", 4, 2), bytes(99));
    assertThat(Files.readAllBytes(folder.resolve("states")))
        .containsExactly(0, 1, 2, 3, 4, 5, 99, 7, 8, 9);
    assertThat(regions.status("")).hasSize(1);
    assertThat(regions.status("r").get(0).key()).isEqualTo("/states");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "link",
        "/link",
        "folder",
        "../secret",
        "/../secret",
        "..",
        ".",
        "",
        "/",
        "//states",
        "none",
        "folder/../states",
        "a\0b"
      })
  void register_ofAnotherPlace_isRefused(String key) {
    assertThatThrownBy(() -> regions.register("r", key, 0, 1)).isInstanceOf(OipException.class);
    assertThat(regions.status("")).isEmpty();
  }

  @Test
  void register_beyondTheObject_isRefused() {
    for (long[] place :
        new long[][] {
          {0, 11}, {10, 1}, {-1, 2}, {0, 0}, {1, -1}, {Long.MAX_VALUE, 2}, {2, Long.MAX_VALUE}
        }) {
      assertThatThrownBy(() -> regions.register("r", "states", place[0], place[1]))
          .isInstanceOf(OipException.class);
    }
  }

  @Test
  void register_underANameInUse_isRefused() {
    regions.register("r", "states", 0, 1);
    assertThatThrownBy(() -> regions.register("r", "states", 0, 1)).hasMessageContaining("in use");
    regions.unregister("r");
    regions.unregister("r");
    regions.register("r", "states", 0, 2);
    assertThat(regions.status("r").get(0).byteSize()).isEqualTo(2);
    assertThatThrownBy(() -> regions.status("x")).isInstanceOf(OipException.class);
  }

  @Test
  void readAndWrite_beyondTheRegion_areRefused() {
    regions.register("r", "states", 0, 6);
    regions.register("all", "states", 0, 10);
    for (long[] place : new long[][] {{0, 7}, {6, 1}, {Long.MAX_VALUE, 2}, {1, Long.MAX_VALUE}}) {
      SharedMemory where = new SharedMemory("r", place[0], place[1]);
      assertThatThrownBy(() -> regions.read(where)).isInstanceOf(OipException.class);
      assertThatThrownBy(() -> regions.write(where, bytes(1))).isInstanceOf(OipException.class);
    }
    assertThatThrownBy(() -> regions.read(new SharedMemory("all", 0, 9)))
        .hasMessageContaining("states.bytes");
    SharedMemory half = new SharedMemory("r", 0, 5);
    regions.requireRoom(java.util.List.of(half));
    assertThatThrownBy(() -> regions.requireRoom(java.util.List.of(half, half)))
        .hasMessageContaining("states.bytes");
    assertThatThrownBy(() -> regions.write(new SharedMemory("r", 0, 1), bytes(1, 2)))
        .hasMessageContaining("room");
    assertThatThrownBy(() -> regions.read(new SharedMemory("x", 0, 1)))
        .isInstanceOf(OipException.class);
  }

  @Test
  void readAndWrite_ofAnObjectCutShort_areRefusedAndDoNotMakeItGrow() throws IOException {
    regions.register("r", "states", 0, 10);
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("states").toFile(), "rw")) {
      file.setLength(3);
    }
    assertThatThrownBy(() -> regions.read(new SharedMemory("r", 0, 4)))
        .hasMessageContaining("cut short");
    assertThatThrownBy(() -> regions.write(new SharedMemory("r", 2, 4), bytes(1, 2, 3, 4)))
        .hasMessageContaining("changed");
    assertThat(Files.size(folder.resolve("states"))).isEqualTo(3);
  }

  @Test
  void region_whoseNameIsTakenByALink_staysTheObjectItWas() throws IOException {
    regions.register("r", "states", 0, 10);
    Files.delete(folder.resolve("states"));
    Files.createSymbolicLink(folder.resolve("states"), root.resolve("secret"));
    assertThat(regions.read(new SharedMemory("r", 0, 2))).isEqualTo(bytes(0, 1));
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }
}
