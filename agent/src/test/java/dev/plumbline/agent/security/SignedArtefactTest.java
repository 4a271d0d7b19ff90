package dev.plumbline.agent.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.SecuredAgent;
import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.sign.FolderSignature;
import dev.plumbline.core.sign.KeyFiles;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With direction.trusted-keys an agent loads what one of them signed, and nothing else. */
class SignedArtefactTest {
  @TempDir private Path dir;
  private Path artefact;
  private Path key;

  @BeforeEach
  void write() {
    artefact = dir.resolve("d.direction");
    ArtefactFolder.write(StatesArtefacts.at(TapPoint.residPost(2)), artefact);
    key = dir.resolve("k.pem");
    KeyFiles.generate(key, KeyFiles.publicFileOf(key));
  }

  private void sign(Path with) {
    FolderSignature.sign(artefact, KeyFiles.read(with, KeyFiles.publicFileOf(with)));
  }

  private SecuredAgent start(boolean asks) {
    Map<String, String> settings = new HashMap<>();
    settings.put("direction", artefact.toString());
    settings.put("oip.port", "0");
    if (asks) {
      settings.put("direction.trusted-keys", KeyFiles.publicFileOf(key).toString());
    }
    return SecuredAgent.real(settings);
  }

  private void refused(String signature) throws IOException {
    try (SecuredAgent agent = start(true)) {
      assertThatThrownBy(agent::awaitReady)
          .isInstanceOfSatisfying(
              CommandFailure.class,
              failure -> assertThat(failure.code()).isEqualTo(ExitCode.NOT_FITTING))
          .hasMessageContaining("direction.trusted-keys");
      assertThat(Raw.ask(agent.adminPort(), "GET", "/api/state"))
          .contains("\"signature\":\"" + signature + "\"");
      assertThat(Raw.status(Raw.ask(agent.adminPort(), "GET", "/health/ready"))).isEqualTo(503);
      agent.awaitCounter("plumbline_artefact_signatures_total{result=\"" + signature + "\"", 1);
    }
  }

  @Test
  void signed_isLoadedAndShown() throws IOException {
    sign(key);
    try (SecuredAgent agent = start(true)) {
      agent.awaitReady();
      assertThat(Raw.ask(agent.adminPort(), "GET", "/api/state"))
          .contains("\"signature\":\"signed\"", "\"folder\":\"d.direction\"");
      agent.awaitCounter("plumbline_artefact_signatures_total{result=\"signed\"", 1);
    }
  }

  @Test
  void unsigned_isRefused_andTakenWhereNobodyAsks() throws IOException {
    refused("unsigned");
    try (SecuredAgent agent = start(false)) {
      agent.awaitReady();
      assertThat(Raw.ask(agent.adminPort(), "GET", "/api/state"))
          .contains("\"signature\":\"unsigned\"");
    }
  }

  @Test
  void changed_isRefused() throws IOException {
    sign(key);
    Files.writeString(artefact.resolve("direction.json"), " ", StandardOpenOption.APPEND);
    refused("bad");
  }

  @Test
  void signedByAnother_isRefused() throws IOException {
    Path other = dir.resolve("o.pem");
    KeyFiles.generate(other, KeyFiles.publicFileOf(other));
    sign(other);
    refused("unknown_key");
  }
}
