package dev.plumbline.agent.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.Agents;
import dev.plumbline.agent.PemFiles;
import dev.plumbline.agent.SecuredAgent;
import dev.plumbline.agent.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several origins, each with certificates of its own. */
class OriginTlsTest {
  @TempDir private static Path dir;
  private static PemFiles one;
  private static PemFiles two;
  private static PemFiles agent;
  private TlsOrigin first;
  private TlsOrigin second;

  @BeforeAll
  static void make() throws Exception {
    one = PemFiles.make(dir.resolve("one"));
    two = PemFiles.make(dir.resolve("two"));
    agent = PemFiles.make(dir.resolve("agent"));
  }

  /** The second wants to know the agent. */
  @BeforeEach
  void start() throws Exception {
    first = new TlsOrigin(one, one);
    second = new TlsOrigin(two, agent);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  private Map<String, String> settings(String... more) {
    Map<String, String> all = new HashMap<>();
    all.put("origins.a.url", "https://localhost:" + first.port());
    all.put("origins.a.models", "a,*");
    all.put("origins.a.tls.ca", one.chain().toString());
    all.put("origins.b.url", "https://localhost:" + second.port());
    all.put("origins.b.models", "b");
    all.put("origins.b.tls.ca", two.chain().toString());
    all.put("origins.b.tls.certificate", agent.chain().toString());
    all.put("origins.b.tls.key", agent.key().toString());
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private static String chat(SecuredAgent front, String model) throws IOException {
    String body = "{\"model\":\"" + model + "\",\"messages\":[]}";
    return Raw.exchange(
        front.port(),
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body,
        10_000);
  }

  @Test
  void origins_withTheirOwnCertificates_areAskedByEveryClient() throws Exception {
    try (SecuredAgent front =
        SecuredAgent.without(
            settings("origin.health-path", "/health", "origin.health-interval", "200ms"))) {
      for (String model : new String[] {"a", "b"}) {
        assertThat(Raw.status(chat(front, model))).isEqualTo(200);
      }
      for (TlsOrigin origin : new TlsOrigin[] {first, second}) {
        Agents.await("a look at its health", () -> origin.wasAskedFor("/health"));
        Agents.await("a question for its models", () -> origin.wasAskedFor("/v1/models"));
        assertThat(origin.wasAskedFor("/v1/chat/completions")).isTrue();
      }
      assertThat(first.asked).allMatch(each -> each.certificate().isEmpty());
      assertThat(second.asked).allMatch(each -> each.certificate().equals(agent.der()));
      assertThat(front.counter("plumbline_origin_tls_failures_total")).isZero();
    }
  }

  @Test
  void origin_ofTheOthersCa_isRefusedCountedAndSaid() throws Exception {
    try (SecuredAgent front =
        SecuredAgent.without(settings("origins.b.tls.ca", one.chain().toString()))) {
      assertThat(chat(front, "b")).startsWith("HTTP/1.1 502").contains("nobody signed", "tls.ca");
      assertThat(Raw.status(chat(front, "a"))).isEqualTo(200);
      assertThat(second.asked).isEmpty();
      assertThat(front.counter(failures("b", "untrusted"))).isEqualTo(1);
      assertThat(front.counter("plumbline_origin_tls_failures_total")).isEqualTo(1);
      assertThat(Raw.ask(front.adminPort(), "GET", "/api/origins")).contains("nobody signed");
    }
  }

  private static String failures(String origin, String reason) {
    return "plumbline_origin_tls_failures_total{origin=\""
        + origin
        + "\",reason=\""
        + reason
        + "\"";
  }

  @Test
  void origin_thatWantsACertificate_refusesOneWithout() throws Exception {
    Map<String, String> without = settings();
    without.remove("origins.b.tls.certificate");
    without.remove("origins.b.tls.key");
    try (SecuredAgent front = SecuredAgent.without(without)) {
      assertThat(chat(front, "b")).startsWith("HTTP/1.1 502");
      assertThat(second.asked).isEmpty();
    }
  }

  @Test
  void settings_ofAll_holdForThoseWithoutTheirOwn() throws Exception {
    Map<String, String> all =
        settings(
            "origin.tls.ca", one.chain().toString(),
            "origin.tls.certificate", agent.chain().toString(),
            "origin.tls.key", agent.key().toString());
    all.keySet().removeAll(java.util.Set.of("origins.a.tls.ca", "origins.b.tls.certificate"));
    all.remove("origins.b.tls.key");
    try (SecuredAgent front = SecuredAgent.without(all)) {
      for (String model : new String[] {"a", "b"}) {
        assertThat(Raw.status(chat(front, model))).isEqualTo(200);
      }
      assertThat(second.asked).allMatch(each -> each.certificate().equals(agent.der()));
    }
  }

  @Test
  void serverName_isHeldAgainstTheCertificate_andIsNotTheHost() throws Exception {
    String address = "https://127.0.0.1:" + first.port();
    try (SecuredAgent nameless = SecuredAgent.without(settings("origins.a.url", address));
        SecuredAgent named =
            SecuredAgent.without(
                settings("origins.a.url", address, "origins.a.tls.server-name", "localhost"));
        SecuredAgent other =
            SecuredAgent.without(settings("origins.a.tls.server-name", "llm.example.org"))) {
      assertThat(chat(nameless, "a")).startsWith("HTTP/1.1 502").contains("another name");
      assertThat(nameless.counter(failures("a", "name"))).isEqualTo(1);
      assertThat(chat(other, "a")).startsWith("HTTP/1.1 502").contains("another name");
      assertThat(first.asked).isEmpty();
      assertThat(Raw.status(chat(named, "a"))).isEqualTo(200);
      assertThat(first.asked).allMatch(each -> each.host().equals("127.0.0.1:" + first.port()));
    }
  }

  /** New ones hold for new connections; files that are not good do not hold. */
  @Test
  void files_changed_holdFromTheReloadOn() throws Exception {
    Path ca = Files.copy(one.chain(), dir.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
    StringBuilder file = new StringBuilder();
    settings("origins.b.tls.ca", ca.toString(), "origins.a.models", "a")
        .forEach((key, value) -> file.append(key).append(": \"").append(value).append("\"\n"));
    try (SecuredAgent front = SecuredAgent.fromFile(dir.resolve("front.yaml"), file.toString())) {
      assertThat(Raw.status(chat(front, "b"))).isEqualTo(502);
      Files.copy(two.chain(), ca, StandardCopyOption.REPLACE_EXISTING);
      assertThat(Raw.status(Raw.ask(front.adminPort(), "POST", "/api/reload"))).isEqualTo(200);
      assertThat(Raw.status(chat(front, "b"))).isEqualTo(200);
      Files.writeString(ca, "no certificate");
      assertThat(Raw.status(Raw.ask(front.adminPort(), "POST", "/api/reload"))).isEqualTo(200);
      assertThat(front.counter("plumbline_reloads_total{result=\"certificates_kept\""))
          .isPositive();
      assertThat(Raw.status(chat(front, "b"))).isEqualTo(200);
    }
  }

  @Test
  void files_thatAreNoneOrAreOpenToOthers_areRefusedAtTheStart() throws Exception {
    Path none = Files.writeString(dir.resolve("none.pem"), "none");
    Path open = Files.copy(agent.key(), dir.resolve("open.key"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    Map<String, String> bad =
        settings("origins.a.tls.ca", none.toString(), "origins.b.tls.key", open.toString());
    assertThatThrownBy(() -> SecuredAgent.without(bad))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("2 mistakes")
        .hasMessageContaining("origins.a.tls.ca (file): wanted " + none + ": wanted certificates")
        .hasMessageContaining("origins.b.tls.key (file): wanted private key " + open)
        .hasMessageContaining("rw-r--r--")
        .hasMessageNotContaining("BEGIN");
  }

  /** As Kubernetes mounts a Secret: a link to a link to a file that the group may read. */
  @Test
  void key_ofASecretsVolume_isTaken() throws Exception {
    Path data = Files.createDirectories(dir.resolve("volume/..2026"));
    Path key = Files.copy(agent.key(), data.resolve("tls.key"));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r-----"));
    Files.createSymbolicLink(dir.resolve("volume/..data"), Path.of("..2026"));
    Path link = Files.createSymbolicLink(dir.resolve("volume/tls.key"), Path.of("..data/tls.key"));
    try (SecuredAgent front =
        SecuredAgent.without(settings("origins.b.tls.key", link.toString()))) {
      assertThat(Raw.status(chat(front, "b"))).isEqualTo(200);
    }
  }
}
