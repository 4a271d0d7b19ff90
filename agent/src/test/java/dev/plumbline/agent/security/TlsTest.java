package dev.plumbline.agent.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.Agents;
import dev.plumbline.agent.PemFiles;
import dev.plumbline.agent.SecuredAgent;
import dev.plumbline.agent.cli.PlumblineCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Certificates on the ports, towards origins and in commands. */
class TlsTest {
  @TempDir private static Path dir;
  private static PemFiles server;
  private static PemFiles client;
  private static PemFiles stranger;

  @BeforeAll
  static void make() throws Exception {
    server = PemFiles.make(dir.resolve("server"));
    client = PemFiles.make(dir.resolve("client"));
    stranger = PemFiles.make(dir.resolve("stranger"));
  }

  private static int get(int port, String path, SSLContext context) throws Exception {
    HttpClient http =
        HttpClient.newBuilder()
            .sslContext(context)
            .connectTimeout(Duration.ofSeconds(20))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private static String[] admin() {
    return new String[] {
      "admin.tls.certificate=" + server.chain(),
      "admin.tls.key=" + server.key(),
      "admin.tls.client-ca=" + client.chain()
    };
  }

  @Test
  void admin_withAClientCa_knowsWhoShowsACertificate() throws Exception {
    try (SecuredAgent agent = SecuredAgent.passing(admin())) {
      int port = agent.adminPort();
      assertThat(get(port, "/api/state", client.showing(server))).isEqualTo(200);
      assertThat(get(port, "/api/state", PemFiles.trusting(server))).isEqualTo(401);
      assertThat(get(port, "/health/live", PemFiles.trusting(server))).isEqualTo(200);
      assertThatThrownBy(() -> get(port, "/health/live", stranger.showing(server)))
          .isInstanceOf(java.io.IOException.class);
    }
  }

  @Test
  void command_withCaAndCertificate_acts_andWithoutIsTold() throws Exception {
    try (SecuredAgent agent = SecuredAgent.passing(admin())) {
      String url = "https://localhost:" + agent.adminPort();
      assertThat(run("off", "--admin", url, "--ca", server.chain().toString())).contains("401");
      assertThat(
              run(
                  "off",
                  "--admin",
                  url,
                  "--ca",
                  server.chain().toString(),
                  "--certificate",
                  client.chain().toString(),
                  "--certificate-key",
                  client.key().toString()))
          .startsWith("0 ")
          .contains("\"switch\"");
      assertThat(run("off", "--admin", url)).startsWith("1 ");
      Path open = Files.copy(client.key(), dir.resolve("open.key"));
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
      assertThat(
              run(
                  "off",
                  "--admin",
                  url,
                  "--certificate",
                  client.chain().toString(),
                  "--certificate-key",
                  open.toString()))
          .startsWith("2 ")
          .contains("others cannot read");
    }
  }

  @Test
  void command_withTokenFile_acts() throws Exception {
    SecuredAgent.token(dir, "operate");
    SecuredAgent.token(dir, "other");
    try (SecuredAgent agent =
        SecuredAgent.passing("admin.operate-token-file=" + dir.resolve("operate"))) {
      String url = "http://127.0.0.1:" + agent.adminPort();
      assertThat(run("off", "--admin", url)).startsWith("1 ").contains("401");
      String wrong = run("off", "--admin", url, "--token-file", dir.resolve("other").toString());
      assertThat(wrong).startsWith("1 ").contains("401");
      String right = run("off", "--admin", url, "--token-file", dir.resolve("operate").toString());
      assertThat(right).startsWith("0 ");
      assertThat(run("on", "--admin", url, "--token-file", dir.resolve("none").toString()))
          .startsWith("2 ");
    }
  }

  private static String run(String... args) {
    StringWriter out = new StringWriter();
    CommandLine command = PlumblineCommand.create(config -> null, Map.of());
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
    int status = command.execute(args);
    return status + " " + out;
  }

  @Test
  void data_withAClientCa_isForThoseWhoShowACertificate() throws Exception {
    try (SecuredAgent agent =
        SecuredAgent.passing(
            "tls.certificate=" + server.chain(),
            "tls.key=" + server.key(),
            "tls.client-ca=" + client.chain())) {
      assertThat(get(agent.port(), "/v1/x", client.showing(server))).isEqualTo(200);
      for (SSLContext other :
          new SSLContext[] {PemFiles.trusting(server), stranger.showing(server)}) {
        assertThatThrownBy(() -> get(agent.port(), "/v1/x", other))
            .isInstanceOf(java.io.IOException.class);
      }
    }
  }

  /** New ones hold for new connections, none of which fails in between; bad ones do not hold. */
  @Test
  void certificates_changedUnderLoad_holdFromTheReloadOn() throws Exception {
    Path chain = Files.copy(server.chain(), dir.resolve("live.pem"));
    Path key = Files.copy(server.key(), dir.resolve("live.key"));
    String settings = "tls.certificate: " + chain + "\ntls.key: " + key;
    try (SecuredAgent agent = SecuredAgent.fromFile(dir.resolve("live.yaml"), settings)) {
      SSLContext any = PemFiles.trusting(server, stranger);
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger done = new AtomicInteger();
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  assertThat(shown(agent.port(), any)).isNotNull();
                  done.incrementAndGet();
                }
              });
      for (PemFiles next : new PemFiles[] {stranger, server, stranger}) {
        Files.copy(next.chain(), chain, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(next.key(), key, StandardCopyOption.REPLACE_EXISTING);
        assertThat(Raw.status(Raw.ask(agent.adminPort(), "POST", "/api/reload"))).isEqualTo(200);
        Agents.await("the new certificate", () -> shown(agent.port(), any).equals(next.der()));
      }
      Files.writeString(key, "no key");
      Raw.ask(agent.adminPort(), "POST", "/api/reload");
      agent.awaitCounter("plumbline_reloads_total{result=\"certificates_kept\"", 1);
      assertThat(shown(agent.port(), any)).isEqualTo(stranger.der());
      over.set(true);
      load.get(30, TimeUnit.SECONDS);
      assertThat(done.get()).isPositive();
    }
  }

  /** The certificate a port shows, in DER's hexadecimal. */
  private static String shown(int port, SSLContext context) {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
      socket.setSoTimeout(20_000);
      socket.startHandshake();
      return HexFormat.of().formatHex(socket.getSession().getPeerCertificates()[0].getEncoded());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void oip_isOverTlsWhereTheDataPortIs() throws Exception {
    try (SecuredAgent agent =
        SecuredAgent.real(
            Map.of(
                "organism", "true",
                "oip.port", "0",
                "tls.certificate", server.chain().toString(),
                "tls.key", server.key().toString(),
                "tls.client-ca", client.chain().toString()))) {
      assertThat(get(agent.oipPort(), "/v2/health/live", client.showing(server))).isEqualTo(200);
      assertThatThrownBy(() -> get(agent.oipPort(), "/v2/health/live", PemFiles.trusting(server)))
          .isInstanceOf(java.io.IOException.class);
      assertThat(Raw.status(Raw.ask(agent.oipPort(), "GET", "/v2/health/live"))).isZero();
    }
  }

  /** An agent stands in front of another whose port wants a certificate. */
  @Test
  void origin_overTls_isKnownByItsCa_andKnowsTheAgent() throws Exception {
    try (SecuredAgent behind =
            SecuredAgent.passing(
                "tls.certificate=" + server.chain(),
                "tls.key=" + server.key(),
                "tls.client-ca=" + client.chain());
        SecuredAgent front = before("localhost", behind, server, client);
        SecuredAgent nameless = before("127.0.0.1", behind, server, client);
        SecuredAgent misled = before("localhost", behind, stranger, client);
        SecuredAgent unknown = before("localhost", behind, server, stranger)) {
      assertThat(Raw.ask(front.port(), "GET", "/v1/x")).contains("\"by\":\"origin\"");
      for (SecuredAgent other : new SecuredAgent[] {nameless, misled, unknown}) {
        assertThat(Raw.status(Raw.ask(other.port(), "GET", "/v1/x"))).isIn(0, 502);
      }
    }
  }

  private static SecuredAgent before(String host, SecuredAgent behind, PemFiles ca, PemFiles own) {
    return SecuredAgent.without(
        Map.of(
            "origin.url", "https://" + host + ":" + behind.port(),
            "origin.tls.ca", ca.chain().toString(),
            "origin.tls.certificate", own.chain().toString(),
            "origin.tls.key", own.key().toString()));
  }
}
