package dev.plumbline.core.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.sign.FolderSignature.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSignatureTest {
  @TempDir private Path temp;
  private Path folder;
  private Path secret;
  private TrustedKeys trusted;

  @BeforeEach
  void sign() throws IOException {
    folder = Files.createDirectory(temp.resolve("a.direction"));
    Files.writeString(folder.resolve("direction.json"), "{}");
    Files.writeString(folder.resolve("direction.safetensors"), "tensors");
    secret = temp.resolve("a.pem");
    KeyFiles.generate(secret, KeyFiles.publicFileOf(secret));
    trusted = TrustedKeys.of(List.of(KeyFiles.publicFileOf(secret)));
    FolderSignature.sign(folder, key());
  }

  private SigningKey key() {
    return KeyFiles.read(secret, KeyFiles.publicFileOf(secret));
  }

  private Status status() {
    return FolderSignature.verify(folder, trusted).status();
  }

  @Test
  void verify_asSigned_isGoodAndNamesKeyAndContent() {
    FolderSignature.Verified found = FolderSignature.verify(folder, trusted);
    assertThat(found.good()).isTrue();
    assertThat(found.keyId()).contains(key().id());
    assertThat(found.digest()).isEqualTo(FolderManifest.of(folder).digest()).hasSize(64);
  }

  @Test
  void verify_oneByteChanged_isBad() throws IOException {
    Files.writeString(folder.resolve("direction.safetensors"), "tensorz");
    assertThat(status()).isEqualTo(Status.BAD);
  }

  @Test
  void verify_aFileMoreOrLess_isBad() throws IOException {
    Path more = Files.writeString(folder.resolve("more.json"), "{}");
    assertThat(status()).isEqualTo(Status.BAD);
    Files.delete(more);
    assertThat(status()).isEqualTo(Status.SIGNED);
    Files.delete(folder.resolve("direction.json"));
    assertThat(status()).isEqualTo(Status.BAD);
  }

  @Test
  void verify_namesSwapped_isBad() throws IOException {
    Files.move(folder.resolve("direction.json"), folder.resolve("x"));
    Files.move(folder.resolve("direction.safetensors"), folder.resolve("direction.json"));
    Files.move(folder.resolve("x"), folder.resolve("direction.safetensors"));
    assertThat(status()).isEqualTo(Status.BAD);
  }

  @Test
  void verify_withoutSignature_isUnsigned() throws IOException {
    Files.delete(folder.resolve(FolderSignature.FILE));
    assertThat(status()).isEqualTo(Status.UNSIGNED);
  }

  @Test
  void verify_anotherKey_isUnknown() {
    assertThat(FolderSignature.verify(folder, TrustedKeys.NONE).status())
        .isEqualTo(Status.UNKNOWN_KEY);
  }

  @Test
  void verify_anotherKeyUnderATrustedName_isBad() throws IOException {
    Path other = temp.resolve("b.pem");
    KeyFiles.generate(other, KeyFiles.publicFileOf(other));
    FolderSignature.sign(folder, KeyFiles.read(other, KeyFiles.publicFileOf(other)));
    Path file = folder.resolve(FolderSignature.FILE);
    String line = Files.readString(file);
    Files.writeString(file, key().id() + line.substring(line.indexOf(':')));
    assertThat(status()).isEqualTo(Status.BAD);
  }

  @Test
  void verify_junkInItsPlace_isBadAndNeverAnException() throws IOException {
    Path file = folder.resolve(FolderSignature.FILE);
    for (String junk : List.of("", "x", "id:AAAA", "\u0000\u00ff", "y".repeat(5000))) {
      Files.writeString(file, junk);
      assertThat(status()).isEqualTo(Status.BAD);
    }
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(status()).isEqualTo(Status.BAD);
  }

  @Test
  void verify_aFolderInIt_isBad() throws IOException {
    Files.createDirectory(folder.resolve("more"));
    assertThat(status()).isEqualTo(Status.BAD);
  }

  @Test
  void verify_asKubernetesMountsIt_isGood() throws IOException {
    Path data = Files.createDirectory(folder.resolve("..2026_01_01"));
    for (String name : List.of("direction.json", "direction.safetensors", FolderSignature.FILE)) {
      Files.move(folder.resolve(name), data.resolve(name));
      Files.createSymbolicLink(folder.resolve(name), Path.of("..2026_01_01", name));
    }
    assertThat(status()).isEqualTo(Status.SIGNED);
  }

  @Test
  void manifest_ofTooManyFilesOrNone_isRefused() throws IOException {
    Path empty = Files.createDirectory(temp.resolve("empty"));
    assertThatThrownBy(() -> FolderManifest.of(empty)).isInstanceOf(IllegalArgumentException.class);
    for (int i = 0; i < 65; i++) {
      Files.writeString(empty.resolve("f" + i), "");
    }
    assertThatThrownBy(() -> FolderManifest.of(empty)).hasMessageContaining("64");
  }

  @Test
  void manifest_text_isTheSameForTheSameFiles() throws IOException {
    assertThat(new String(FolderManifest.of(folder).text(), "UTF-8"))
        .isEqualTo(
            "plumbline-manifest-v1\n"
                + "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a 2"
                + " direction.json\n"
                + FolderManifest.of(folder).digests().get("direction.safetensors")
                + " 7 direction.safetensors\n");
  }
}
