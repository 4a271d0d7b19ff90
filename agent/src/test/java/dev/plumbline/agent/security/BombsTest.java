package dev.plumbline.agent.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.SecuredAgent;
import dev.plumbline.agent.config.ConfigException;
import dev.plumbline.core.sign.FolderSignature;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies and files that are small to send and large to take. */
class BombsTest {
  private static final String CHAT = "/v1/chat/completions";

  @TempDir private Path dir;

  private static String post(int port, byte[] body, String... headers) throws IOException {
    StringBuilder head =
        new StringBuilder("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\n")
            .append("Content-Type: application/json\r\nConnection: close\r\n")
            .append("Content-Length: " + body.length + "\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    String bytes = head + "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    return Raw.exchange(port, bytes, 5000);
  }

  private static byte[] deep(int levels) {
    String open = "{\"a\":[".repeat(levels);
    return ("{\"model\":\"good\",\"messages\":" + open).getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 5_000, 500_000})
  void json_tooDeep_isRefusedByAnAgentThatServes(int levels) throws IOException {
    try (SecuredAgent agent = SecuredAgent.serving()) {
      assertThat(Raw.status(post(agent.port(), deep(levels)))).isEqualTo(400);
      assertThat(agent.counter("plumbline_exchanges_total")).isEqualTo(1);
    }
  }

  @Test
  void json_ofLongNumbersAndNames_isRefused() throws IOException {
    try (SecuredAgent agent = SecuredAgent.serving()) {
      for (String bad :
          new String[] {
            "{\"model\":\"good\",\"max_tokens\":" + "9".repeat(100_000) + "}",
            "{\"model\":\"good\",\"temperature\":1e999999999}",
            "{\"" + "n".repeat(200_000) + "\":1}",
            "{\"model\":\"good\",\"model\":\"bad\",\"messages\":[]}",
            "[".repeat(100_000)
          }) {
        String answer = post(agent.port(), bad.getBytes(StandardCharsets.US_ASCII));
        assertThat(Raw.status(answer)).isEqualTo(400);
      }
    }
  }

  @Test
  void body_overTheBound_is413WithoutBeingTaken() throws IOException {
    try (SecuredAgent agent = SecuredAgent.serving("limits.request-bytes=1000")) {
      assertThat(Raw.status(post(agent.port(), new byte[5000]))).isEqualTo(413);
      String untold =
          "POST "
              + CHAT
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + ("400\r\n" + "x".repeat(1024) + "\r\n").repeat(4)
              + "0\r\n\r\n";
      assertThat(Raw.status(Raw.exchange(agent.port(), untold, 2000))).isIn(0, 413);
    }
  }

  /** It passes as it is, since nothing is decoded on the way, and is never decoded whole here. */
  @Test
  void gzip_ofAThousandfold_isUnscoredAndCounted() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        zip.write(zeros);
      }
    }
    assertThat(packed.size()).isLessThan(1 << 20);
    try (SecuredAgent agent = SecuredAgent.passing("limits.observed-bytes=100000")) {
      String answer = post(agent.port(), packed.toByteArray(), "Content-Encoding: gzip");
      assertThat(answer).contains("\"by\":\"origin\"");
      agent.awaitCounter("plumbline_unscored_total", 1);
    }
  }

  @Test
  void yaml_ofAliasesOfAliases_isAMistake() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 x\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(9) + "]\n");
    }
    Path file = dir.resolve("bomb.yaml");
    assertThatThrownBy(() -> SecuredAgent.fromFile(file, bomb.toString()))
        .isInstanceOf(ConfigException.class);
    String large = "# " + "x".repeat(2 << 20);
    assertThatThrownBy(() -> SecuredAgent.fromFile(file, large)).hasMessageContaining("1 MiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"b\":",
        "[",
        "{\"format\":\"plumbline-direction\",\"format_version\":",
        "\u0000\u0001\u0002",
        ""
      })
  void artefact_hostile_isABadFile(String part) throws IOException {
    Path folder = Files.createDirectory(dir.resolve("a.direction"));
    Files.writeString(folder.resolve("direction.json"), part.repeat(20_000));
    Files.write(folder.resolve("direction.safetensors"), hugeHeader());
    assertThatThrownBy(() -> ArtefactFolder.read(folder)).isInstanceOf(BadFileException.class);
  }

  @Test
  void artefact_signatureThatIsALinkElsewhere_isNoSignature() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("l.direction"));
    Files.writeString(folder.resolve("direction.json"), "{}");
    Files.createSymbolicLink(folder.resolve(FolderSignature.FILE), Path.of("/dev/zero"));
    assertThat(FolderSignature.verify(folder, dev.plumbline.core.sign.TrustedKeys.NONE).status())
        .isEqualTo(FolderSignature.Status.BAD);
  }

  /** A header of 2^62 bytes. */
  private static byte[] hugeHeader() {
    return ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 62).array();
  }

  @Test
  void checkpoint_hostile_isABadFile() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("model"));
    Files.writeString(folder.resolve("config.json"), "{\"a\":".repeat(50_000));
    Files.write(folder.resolve("model.safetensors"), hugeHeader());
    assertThatThrownBy(() -> Checkpoint.open(folder).close()).isInstanceOf(BadFileException.class);
    Files.writeString(
        folder.resolve("config.json"),
        "{\"model_type\":\"llama\",\"num_hidden_layers\":2147483647,\"hidden_size\":2147483647,"
            + "\"vocab_size\":2147483647,\"num_attention_heads\":1,\"intermediate_size\":1}");
    assertThatThrownBy(() -> Checkpoint.open(folder).close()).isInstanceOf(BadFileException.class);
  }

  @Test
  void gguf_thatPromisesMoreThanThereIs_isABadFile() throws IOException {
    for (long promised : new long[] {Long.MAX_VALUE, -1, 1L << 40}) {
      ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      bytes.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3);
      bytes.putLong(promised).putLong(promised);
      Path file = Files.write(dir.resolve("m" + promised + ".gguf"), bytes.array());
      assertThatThrownBy(() -> Checkpoint.open(file).close()).isInstanceOf(BadFileException.class);
    }
  }
}
