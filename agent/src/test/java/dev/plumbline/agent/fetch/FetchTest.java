package dev.plumbline.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {
  private static final Download PLAIN = new Download(100_000, Duration.ofSeconds(20), true);

  @TempDir private Path dir;
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch done = new CountDownLatch(1);
  private HttpServer server;
  private byte[] body = new byte[0];

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/a.zip",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          await();
          exchange.close();
        });
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("location", "/a.zip");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.createContext("/link-local", moved("http://169.254.169.254/latest/meta-data"));
    server.createContext("/round", moved("/round"));
    server.createContext("/nowhere", moved("http://[bad"));
    server.setExecutor(null);
    server.start();
  }

  private static HttpHandler moved(String to) {
    return exchange -> {
      exchange.getResponseHeaders().add("location", to);
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
    };
  }

  /** Looked at before anybody is asked there. */
  @Test
  void redirect_toWhereNoUrlMayLead_isRefused() {
    for (String[] refused :
        new String[][] {
          {"/link-local", "169.254.169.254"}, {"/round", "redirects"}, {"/nowhere", "a redirect"}
        }) {
      assertThatThrownBy(() -> PLAIN.fetch(url(refused[0]), "0".repeat(64), dir.resolve("x")))
          .isInstanceOf(FetchException.class)
          .hasMessageContaining(refused[1]);
    }
    URI direct = URI.create("http://169.254.169.254/a.zip");
    assertThatThrownBy(() -> PLAIN.fetch(direct, "0".repeat(64), dir.resolve("x")))
        .hasMessageContaining("link-local");
  }

  private void await() {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    done.countDown();
    server.stop(0);
  }

  @Test
  void archive_ofTheDigest_becomesTheFolder() throws Exception {
    body = zip(Map.of("em.direction/direction.json", "{}", "em.direction/deep/x", "y"));
    assertThat(fetch("/a.zip", "out").run(PLAIN)).isTrue();
    assertThat(dir.resolve("out/em.direction/direction.json")).hasContent("{}");
    assertThat(dir.resolve("out/em.direction/deep/x")).hasContent("y");
    assertThat(names()).containsExactlyInAnyOrder("out", "out.sha256");
  }

  @Test
  void fetchedBefore_isNotFetchedAgain_unlessItIsAnother() throws Exception {
    body = zip(Map.of("a", "b"));
    fetch("/a.zip", "out").run(PLAIN);
    assertThat(fetch("/a.zip", "out").run(PLAIN)).isFalse();
    assertThat(asked).hasValue(1);
    body = zip(Map.of("a", "other"));
    refused(fetch("/a.zip", "out"), PLAIN, "out");
    assertThat(dir.resolve("out/a")).hasContent("b");
  }

  @Test
  void placeOfSomethingElse_isLeftAlone() throws Exception {
    body = zip(Map.of("a", "b"));
    Files.createDirectory(dir.resolve("out"));
    refused(fetch("/a.zip", "out"), PLAIN, "was not fetched");
  }

  @Test
  void redirect_isFollowed() throws Exception {
    body = zip(Map.of("a", "b"));
    assertThat(fetch("/moved", "out").run(PLAIN)).isTrue();
  }

  @Test
  void file_isKeptAsItIs() throws Exception {
    body = "GGUF...".getBytes(StandardCharsets.UTF_8);
    Fetch fetch = new Fetch(url("/a.zip"), digest(body), dir.resolve("m"), Optional.of("m.gguf"));
    fetch.run(PLAIN);
    assertThat(dir.resolve("m/m.gguf")).hasContent("GGUF...");
  }

  @Test
  void otherDigest_leavesNothing() throws Exception {
    body = zip(Map.of("a", "b"));
    Fetch fetch =
        new Fetch(url("/a.zip"), "0".repeat(64), dir.resolve("out"), Optional.<String>empty());
    refused(fetch, PLAIN, digest(body));
  }

  @Test
  void tooLarge_isCutOff() throws Exception {
    body = new byte[5000];
    refused(fetch("/a.zip", "out"), new Download(4999, Duration.ofSeconds(20), true), "4999 bytes");
  }

  @Test
  void bomb_isCutOffAtTheSameLimit() throws Exception {
    body = zip(Map.of("zeros", "0".repeat(2_000_000)));
    assertThat(body.length).isLessThan(50_000);
    refused(fetch("/a.zip", "out"), PLAIN, "unpacked");
  }

  @Test
  void tooManyEntries_areRefused() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (int i = 0; i <= 1000; i++) {
        out.putNextEntry(new ZipEntry("e" + i));
      }
    }
    body = bytes.toByteArray();
    refused(fetch("/a.zip", "out"), new Download(1 << 20, Duration.ofSeconds(20), true), "entries");
  }

  @Test
  void namesThatLeaveTheFolder_areRefused() throws Exception {
    for (String name : new String[] {"../x", "a/../../x", "/x", "a\\..\\x", ".", "a/.."}) {
      body = zip(Map.of(name, "y"));
      refused(fetch("/a.zip", "out"), PLAIN, "names within");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void whatIsNoArchive_isRefused() throws Exception {
    body = "<html>".getBytes(StandardCharsets.UTF_8);
    refused(fetch("/a.zip", "out"), PLAIN, "zip");
  }

  @Test
  void signatureInTheUrl_isInNoMessage() {
    URI url = URI.create("http://me:hunter2@127.0.0.1:1/a.zip?X-Sig=hunter2");
    Fetch fetch = new Fetch(url, "0".repeat(64), dir.resolve("sig"), Optional.empty());
    assertThatThrownBy(() -> fetch.run(PLAIN))
        .isInstanceOf(FetchException.class)
        .hasMessageNotContaining("hunter2")
        .hasMessageContaining("127.0.0.1:1/a.zip");
  }

  @Test
  void missingPage_isRefused() throws Exception {
    refused(fetch("/none", "out"), PLAIN, "404");
  }

  @Test
  void slowServer_meetsTheDeadline() throws Exception {
    refused(fetch("/slow", "out"), new Download(9, Duration.ofMillis(300), true), "within");
  }

  @Test
  void plainHttp_onlyWhenAsked() throws Exception {
    refused(fetch("/a.zip", "out"), new Download(9, Duration.ofSeconds(5), false), "--plain-http");
    Fetch file = new Fetch(URI.create("file:///etc/hostname"), digest(body), dir, Optional.empty());
    assertThatThrownBy(() -> file.run(PLAIN)).isInstanceOf(FetchException.class);
    assertThat(asked).hasValue(0);
  }

  @Test
  void badDigestOrFileName_isRefusedAtOnce() {
    assertThatThrownBy(() -> new Fetch(url("/a"), "abc", dir, Optional.empty()))
        .hasMessageContaining("--sha256");
    assertThatThrownBy(() -> new Fetch(url("/a"), "0".repeat(64), dir, Optional.of("../x")))
        .hasMessageContaining("--file");
  }

  private void refused(Fetch fetch, Download by, String why) throws IOException {
    boolean there = Files.exists(fetch.place());
    assertThatThrownBy(() -> fetch.run(by))
        .isInstanceOf(FetchException.class)
        .hasMessageContaining(why);
    assertThat(Files.exists(fetch.place())).isEqualTo(there);
    assertThat(names()).noneMatch(name -> name.endsWith(".part") || name.endsWith(".download"));
  }

  private Fetch fetch(String path, String to) throws Exception {
    return new Fetch(url(path), digest(body), dir.resolve(to), Optional.empty());
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static String digest(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }
}
