package dev.plumbline.torch.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibtorchVersionTest {
  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(strings = {"2.7.1", "2.7.1+cu128", "2.7.1+cpu\n"})
  void require_theRightDistribution_isAccepted(String version) throws IOException {
    Files.writeString(home.resolve("build-version"), version);

    assertThatCode(() -> LibtorchVersion.require(library(), null)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.7.10", "2.8.0+cu128", "2.7.0", "12.7.1", ""})
  void require_anotherVersion_isRefusedWithBothVersions(String version) throws IOException {
    Files.writeString(home.resolve("build-version"), version);
    Path library = library();

    assertThatThrownBy(() -> LibtorchVersion.require(library, null))
        .hasMessageContaining("wanted libtorch 2.7.1")
        .hasMessageContaining(version)
        .hasMessageContaining(library.toString());
  }

  @Test
  void require_aWheel_readsItsVersionFile() throws IOException {
    Files.writeString(home.resolve("version.py"), "__version__ = '2.7.1+cu128'\ndebug = False\n");

    assertThat(LibtorchVersion.of(library())).contains("2.7.1+cu128");
  }

  @Test
  void require_whatTheFolderSays_winsOverWhatIsDeclared() throws IOException {
    Files.writeString(home.resolve("build-version"), "2.6.0");
    Path library = library();

    assertThatThrownBy(() -> LibtorchVersion.require(library, "2.7.1"))
        .hasMessageContaining("2.6.0");
  }

  @Test
  void require_aSilentFolder_needsADeclaration() throws IOException {
    Path library = library();

    assertThatThrownBy(() -> LibtorchVersion.require(library, null))
        .hasMessageContaining("PYTORCH_VERSION");
    assertThatCode(() -> LibtorchVersion.require(library, "2.7.1")).doesNotThrowAnyException();
  }

  @Test
  void require_noLibtorch_isRefused() {
    assertThatThrownBy(() -> LibtorchVersion.require(home, "2.7.1"))
        .hasMessageContaining("no libtorch.so there");
  }

  private Path library() throws IOException {
    Path lib = Files.createDirectories(home.resolve("lib"));
    if (!Files.exists(lib.resolve("libtorch.so"))) {
      Files.createFile(lib.resolve("libtorch.so"));
    }
    return lib;
  }
}
