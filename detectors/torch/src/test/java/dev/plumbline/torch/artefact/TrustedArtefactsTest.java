package dev.plumbline.torch.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.sign.FolderSignature;
import dev.plumbline.core.sign.FolderSignature.Status;
import dev.plumbline.core.sign.KeyFiles;
import dev.plumbline.core.sign.TrustedKeys;
import dev.plumbline.torch.cli.NotFittingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedArtefactsTest {
  private final Artefact artefact = SampleArtefacts.full(1);
  private final List<Status> seen = new ArrayList<>();

  @TempDir private Path temp;
  private Path folder;
  private Path secret;
  private TrustedArtefacts artefacts;

  @BeforeEach
  void write() {
    folder = ArtefactFolder.named(temp, artefact);
    ArtefactFolder.write(artefact, folder);
    secret = temp.resolve("a.pem");
    KeyFiles.generate(secret, KeyFiles.publicFileOf(secret));
    artefacts = trusting(TrustedKeys.of(List.of(KeyFiles.publicFileOf(secret))));
  }

  private TrustedArtefacts trusting(TrustedKeys keys) {
    return new TrustedArtefacts(keys, (path, verified) -> seen.add(verified.status()));
  }

  private void sign() {
    FolderSignature.sign(folder, KeyFiles.read(secret, KeyFiles.publicFileOf(secret)));
  }

  @Test
  void read_signed_isTheArtefact() {
    sign();
    assertThat(artefacts.read(folder)).isEqualTo(artefact);
    assertThat(seen).containsExactly(Status.SIGNED);
  }

  @Test
  void read_unsigned_isRefusedWithTheCommandThatSigns() {
    assertThatThrownBy(() -> artefacts.read(folder))
        .isInstanceOf(NotFittingException.class)
        .hasMessageContaining("not signed")
        .hasMessageContaining("plumbline direction sign");
    assertThat(seen).containsExactly(Status.UNSIGNED);
  }

  @Test
  void read_changedAfterwards_isRefused() throws IOException {
    sign();
    Path json = folder.resolve(ArtefactFolder.JSON);
    Files.writeString(json, Files.readString(json) + " ");
    assertThatThrownBy(() -> artefacts.read(folder)).hasMessageContaining("not one on these files");
    assertThat(seen).containsExactly(Status.BAD);
  }

  @Test
  void read_signedByAnother_isRefusedNamingTheKey() {
    Path other = temp.resolve("b.pem");
    String id = KeyFiles.generate(other, KeyFiles.publicFileOf(other));
    FolderSignature.sign(folder, KeyFiles.read(other, KeyFiles.publicFileOf(other)));
    assertThatThrownBy(() -> artefacts.read(folder)).hasMessageContaining(id);
    assertThat(seen).containsExactly(Status.UNKNOWN_KEY);
  }

  @Test
  void read_withoutKeys_readsAnythingAndSaysWhatItIs() {
    assertThat(trusting(TrustedKeys.NONE).read(folder)).isEqualTo(artefact);
    sign();
    assertThat(trusting(TrustedKeys.NONE).read(folder)).isEqualTo(artefact);
    assertThat(seen).containsExactly(Status.UNSIGNED, Status.UNKNOWN_KEY);
  }

  @Test
  void read_withAFolderInIt_isRefused() throws IOException {
    sign();
    Files.createDirectory(folder.resolve("more"));
    assertThatThrownBy(() -> artefacts.read(folder)).isInstanceOf(NotFittingException.class);
    assertThat(seen).containsExactly(Status.BAD);
  }

  @Test
  void write_overASignedArtefact_takesTheSignatureAway() {
    sign();
    ArtefactFolder.write(SampleArtefacts.full(2), folder);
    assertThat(folder.resolve(FolderSignature.FILE)).doesNotExist();
  }
}
