package dev.plumbline.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedArtefactTest {
  @TempDir private Path dir;

  private Path folder(String name) throws Exception {
    Path folder = Files.createDirectory(dir.resolve(name));
    Files.writeString(folder.resolve("direction.json"), "{}");
    byte[] large = new byte[PackedArtefact.PIECE + 17];
    new Random(1).nextBytes(large);
    Files.write(folder.resolve("direction.safetensors"), large);
    return folder;
  }

  @Test
  void unpack_whatWasPacked_isTheSameAndHasTheSameDigest() throws Exception {
    Path from = folder("a.direction");
    PackedArtefact packed = PackedArtefact.pack(from);
    Path to = Files.createDirectory(dir.resolve("b"));
    PackedArtefact.of(packed.bytes()).unpack(to);
    assertThat(to.resolve("direction.safetensors"))
        .hasSameBinaryContentAs(from.resolve("direction.safetensors"));
    assertThat(PackedArtefact.pack(to).digest()).isEqualTo(packed.digest());
    assertThat(PackedArtefact.pieces(packed.size())).isEqualTo(2);
    assertThat(packed.piece(1)).hasSize(packed.size() - PackedArtefact.PIECE);
  }

  @Test
  void unpack_namesThatGoElsewhere_areRefused() throws Exception {
    Path from = Files.createDirectory(dir.resolve("c"));
    Files.writeString(from.resolve("aa_passwd"), "x");
    byte[] bytes = PackedArtefact.pack(from).bytes();
    Path to = Files.createDirectory(dir.resolve("d"));
    for (String name : new String[] {"../passwd", "/etc/pass", "..\\passwd", ".a_passwd"}) {
      byte[] changed = bytes.clone();
      System.arraycopy(name.getBytes(), 0, changed, 10, 9);
      assertThatThrownBy(() -> PackedArtefact.of(changed).unpack(to))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(to).isEmptyDirectory();
  }

  @Test
  void unpack_anyChangedByte_neitherCrashesNorEscapes() throws Exception {
    Path from = Files.createDirectory(dir.resolve("e"));
    Files.writeString(from.resolve("direction.json"), "{\"a\":1}");
    byte[] bytes = PackedArtefact.pack(from).bytes();
    Random random = new Random(5);
    for (int i = 0; i < 2000; i++) {
      byte[] changed = java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      Path to = dir.resolve("f");
      Files.createDirectories(to);
      try {
        PackedArtefact.of(changed).unpack(to);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageContaining("wanted");
      }
    }
    assertThat(dir.toFile().list()).containsExactlyInAnyOrder("e", "f");
  }
}
