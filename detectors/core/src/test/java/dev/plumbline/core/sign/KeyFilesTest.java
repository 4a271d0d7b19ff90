package dev.plumbline.core.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plumbline.core.sign.TrustedKeys.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFilesTest {
  private static final byte[] MESSAGE = {1, 2, 3};

  @TempDir private Path folder;
  private Path secret;
  private Path open;

  @BeforeEach
  void generate() {
    secret = folder.resolve("a.pem");
    open = KeyFiles.publicFileOf(secret);
    KeyFiles.generate(secret, open);
  }

  private Signature signed(Purpose purpose) {
    return KeyFiles.read(secret, open).sign(purpose, MESSAGE);
  }

  @Test
  void verify_itsOwnSignature_isGoodAlsoAfterItsTextForm() {
    Signature signature = Signature.parse(signed(Purpose.ARTEFACT).text());
    TrustedKeys trusted = TrustedKeys.of(List.of(open));
    assertThat(trusted.verify(Purpose.ARTEFACT, MESSAGE, signature)).isEqualTo(Verification.GOOD);
    assertThat(trusted.ids()).containsExactly(signature.keyId());
  }

  @Test
  void verify_anotherPurposeMessageOrKey_isNotGood() {
    Signature signature = signed(Purpose.ARTEFACT);
    TrustedKeys trusted = TrustedKeys.of(List.of(open));
    assertThat(trusted.verify(Purpose.FLEET_COMMAND, MESSAGE, signature))
        .isEqualTo(Verification.BAD);
    assertThat(trusted.verify(Purpose.ARTEFACT, new byte[] {1, 2, 4}, signature))
        .isEqualTo(Verification.BAD);
    assertThat(TrustedKeys.NONE.verify(Purpose.ARTEFACT, MESSAGE, signature))
        .isEqualTo(Verification.UNKNOWN_KEY);
  }

  @Test
  void generate_privateFile_isItsOwnersOnlyAndNeverReplaced() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> KeyFiles.generate(secret, open))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a new file");
  }

  @Test
  void read_aPairOfTwoKeys_isRefused() {
    Path other = folder.resolve("b.pem");
    KeyFiles.generate(other, KeyFiles.publicFileOf(other));
    assertThatThrownBy(() -> KeyFiles.read(secret, KeyFiles.publicFileOf(other)))
        .hasMessageContaining("the private half");
  }

  @Test
  void read_whatIsNoKey_saysHowToMakeOne() throws IOException {
    Path junk = Files.writeString(folder.resolve("junk.pem"), "-----BEGIN PUBLIC KEY-----");
    Path torn =
        Files.writeString(
            folder.resolve("torn.pem"), Files.readString(open).replace("MCo", "AAAA"));
    for (Path file : List.of(junk, torn, secret, folder, folder.resolve("none.pem"))) {
      assertThatThrownBy(() -> KeyFiles.readPublic(file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("plumbline key generate");
    }
  }

  @Test
  void parse_whatIsNoSignature_isRefused() {
    for (String text : new String[] {null, "", "a", ":AA", "id:AA", "id:*", "x".repeat(300)}) {
      assertThatThrownBy(() -> Signature.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void signingKey_printed_showsItsIdOnly() {
    assertThat(KeyFiles.read(secret, open))
        .hasToString("SigningKey[" + signed(Purpose.ARTEFACT).keyId() + "]");
  }

  /** Of a Kubernetes Secret the group may read; links lead to it. */
  @Test
  void read_keyThatOthersCanRead_isRefused_andOfTheGroupAlone_isNot() throws IOException {
    assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"), "needs POSIX");
    for (String loose : new String[] {"rw-r--r--", "rw-----w-", "rw-rw----"}) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(loose));
      assertThatThrownBy(() -> KeyFiles.read(secret, open))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("others cannot read")
          .hasMessageContaining(loose);
    }
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.pem"), secret);
    assertThat(KeyFiles.read(link, open)).isNotNull();
  }
}
