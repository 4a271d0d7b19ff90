package dev.plumbline.agent.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.SecuredAgent;
import dev.plumbline.agent.admin.AdminRoutes;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every endpoint of the admin port, as its own router lists them: without, with wrong and with
 * right credentials, and asked for on the port of clients.
 */
class AdminCredentialsTest {
  private static final Set<String> OPEN = Set.of("/health/live", "/health/ready", "/metrics", "/");

  @TempDir private static Path folder;
  private static SecuredAgent agent;
  private static String read;
  private static String operate;

  @BeforeAll
  static void start() throws IOException {
    read = SecuredAgent.token(folder, "read");
    operate = SecuredAgent.token(folder, "operate");
    agent =
        SecuredAgent.passing(
            "admin.read-token-file=" + folder.resolve("read"),
            "admin.operate-token-file=" + folder.resolve("operate"));
  }

  @AfterAll
  static void stop() throws IOException {
    agent.close();
  }

  static Stream<String> routes() {
    return agent.adminRoutes().stream();
  }

  private static String method(String route) {
    return route.substring(0, route.indexOf(' '));
  }

  private static String path(String route) {
    return route.substring(route.indexOf(' ') + 1).replaceAll(":[a-z]+", "x").replace("*", "");
  }

  private static boolean open(String route) {
    return looks(route) && (OPEN.contains(path(route)) || path(route).startsWith("/console"));
  }

  private static boolean looks(String route) {
    return method(route).equals("GET") || method(route).equals("HEAD");
  }

  private static String ask(String route, String... headers) throws IOException {
    return Raw.ask(agent.adminPort(), method(route), path(route), headers);
  }

  private static double refused(String reason) throws IOException {
    return agent.counter("plumbline_admin_refused_total{reason=\"" + reason + "\"");
  }

  @Test
  void routes_areMoreThanAFew() {
    assertThat(routes())
        .contains("GET /api/exchanges", "POST /api/off", "POST /api/reload", "GET /metrics")
        .contains("GET /", "GET /console/*", "HEAD /console/*", "POST /api/fleet/commands")
        .hasSizeGreaterThan(25);
  }

  /** What is no endpoint under its own guard is one that no list here holds. */
  @Test
  void list_ofARouterWithARouteThatCannotBeListed_fails() {
    Vertx vertx = Vertx.vertx();
    Router any = Router.router(vertx);
    any.route("/api/any").handler(context -> {});
    Router pattern = Router.router(vertx);
    pattern.getWithRegex("/api/.*").handler(context -> {});
    for (Router router : new Router[] {any, pattern}) {
      assertThatThrownBy(() -> AdminRoutes.list(router))
          .as(router.getRoutes().toString())
          .isInstanceOf(IllegalStateException.class);
    }
    vertx.close();
  }

  @Test
  void route_thatRefuses_isA4xxAndCounted() throws IOException {
    Map<String, String> asked =
        Map.of(
            "GET /api/nothing", "not_found",
            "GET /api/exchanges?limit=0", "bad_request",
            "GET /api/exchanges?limit=%zz", "bad_request",
            "GET /api/exchanges/%zz", "bad_request",
            "GET /api/tokens/%ff%fe", "not_found",
            "POST /api/triggers/arm?model=x", "conflict",
            "POST /api/fleet/commands", "conflict",
            "POST /api/adapters/none/verify", "not_found");
    for (Map.Entry<String, String> each : asked.entrySet()) {
      double all = agent.counter("plumbline_admin_refused_total");
      double before = refused(each.getValue());
      int status = Raw.status(ask(each.getKey(), "Authorization: Bearer " + operate));
      assertThat(status).as(each.getKey()).isBetween(400, 499);
      assertThat(agent.counter("plumbline_admin_refused_total")).isEqualTo(all + 1);
      assertThat(refused(each.getValue())).as(each.getKey()).isEqualTo(before + 1);
    }
  }

  /** An artefact is larger than what other routes take, and no length lets through more. */
  @Test
  void publish_ofSomeMegabytes_isNotTooLarge() throws IOException {
    String head =
        "POST /api/fleet/commands HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + operate
            + "\r\nContent-Length: ";
    String answer = Raw.exchange(agent.adminPort(), head + "3000000\r\n\r\n", 700);
    assertThat(Raw.status(answer)).isEqualTo(409);
    answer = Raw.exchange(agent.adminPort(), head + "30000000\r\n\r\n", 700);
    assertThat(Raw.status(answer)).isEqualTo(413);
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_withoutCredentials_is401AndCounted(String route) throws IOException {
    double before = refused("no_credentials");
    String answer = ask(route);
    if (open(route)) {
      assertThat(Raw.status(answer)).isIn(200, 302);
    } else {
      assertThat(Raw.status(answer)).isEqualTo(401);
      assertThat(answer.toLowerCase()).contains("www-authenticate: bearer");
      assertThat(refused("no_credentials")).isEqualTo(before + 1);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_withWrongCredentials_is401AndCounted(String route) throws IOException {
    if (open(route)) {
      return;
    }
    for (String wrong :
        new String[] {
          "Bearer " + operate + "x",
          "Bearer " + operate.substring(1),
          "Bearer ",
          "Bearer null",
          "Basic " + operate,
          operate,
          "Bearer " + "y".repeat(5000)
        }) {
      double before = refused("wrong_credentials");
      assertThat(Raw.status(ask(route, "Authorization: " + wrong))).as(wrong).isEqualTo(401);
      assertThat(refused("wrong_credentials")).isEqualTo(before + 1);
    }
    assertThat(Raw.status(ask(route, "X-Authorization: Bearer " + operate))).isEqualTo(401);
    String inQuery = path(route) + "?access_token=" + operate + "&token=" + operate;
    assertThat(Raw.status(Raw.ask(agent.adminPort(), method(route), inQuery))).isEqualTo(401);
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_withTheReadToken_showsAndDoesNotAct(String route) throws IOException {
    double before = refused("role");
    int status = Raw.status(ask(route, "Authorization: Bearer " + read));
    if (looks(route)) {
      assertThat(status).isNotIn(0, 401, 403);
    } else {
      assertThat(status).isEqualTo(403);
      assertThat(refused("role")).isEqualTo(before + 1);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_withTheOperateToken_isLetThrough(String route) throws IOException {
    int status = Raw.status(ask(route, "authorization: bearer  " + operate));
    assertThat(status).isNotIn(0, 401, 403);
    ask("POST /api/on", "Authorization: Bearer " + operate);
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_answers_carryTheSecureHeaders(String route) throws IOException {
    for (String token : new String[] {"none", operate}) {
      assertThat(ask(route, "Authorization: Bearer " + token).toLowerCase())
          .contains("content-security-policy: default-src 'none'")
          .contains("frame-ancestors 'none'")
          .contains("x-content-type-options: nosniff")
          .contains("referrer-policy: no-referrer")
          .containsPattern("cache-control: no-(store|cache)");
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_onTheDataPort_isTheOriginsAndNeverTheAdmins(String route) throws IOException {
    int before = agent.atOrigin().size();
    String answer =
        Raw.ask(agent.port(), method(route), path(route), "Authorization: Bearer " + operate);
    assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("content-security-policy");
    assertThat(answer).contains(method(route).equals("HEAD") ? "Content-Length: 15" : "origin");
    assertThat(agent.atOrigin()).hasSizeGreaterThan(before);
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_onTheDataPortOfAnAgentThatServes_isNotFound(String route) throws IOException {
    try (SecuredAgent serving = SecuredAgent.serving()) {
      int status = Raw.status(Raw.ask(serving.port(), method(route), path(route)));
      // It has a health route of its own, which says no more than that it is up.
      assertThat(status).isIn(404, 405);
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void route_fromAnotherSitesPage_isRefusedAndCounted(String route) throws IOException {
    if (open(route)) {
      return;
    }
    String token = "Authorization: Bearer " + operate;
    for (String header :
        new String[] {
          "Origin: https://evil.example",
          "Origin: null",
          "Origin: http://localhost.evil.example",
          "Sec-Fetch-Site: cross-site",
          "Sec-Fetch-Site: same-site"
        }) {
      double before = refused("origin");
      assertThat(Raw.status(ask(route, token, header))).as(header).isEqualTo(403);
      assertThat(refused("origin")).isEqualTo(before + 1);
    }
    assertThat(Raw.status(ask(route, token, "Sec-Fetch-Site: same-origin"))).isNotEqualTo(403);
  }

  @Test
  void path_writtenOtherwise_needsTheSameCredentials() throws IOException {
    for (String path :
        new String[] {
          "/health/../api/exchanges",
          "/health/live/../../api/exchanges",
          "/health/%2e%2e/api/exchanges",
          "/console/../api/exchanges",
          "/console/%2e%2e/api/exchanges",
          "//api/exchanges",
          "/./api/exchanges",
          "/metrics/../api/exchanges",
          "/api/exchanges/",
          "/api/exchanges;x=/health/live",
          "/api/exchanges?/health/live",
          "http://localhost/api/exchanges",
          "/health/live%00/../../api/exchanges"
        }) {
      assertThat(Raw.status(Raw.ask(agent.adminPort(), "GET", path))).as(path).isIn(400, 401, 404);
      assertThat(Raw.ask(agent.adminPort(), "GET", path)).doesNotContain("\"exchanges\"");
    }
    for (String method : new String[] {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"}) {
      assertThat(Raw.status(Raw.ask(agent.adminPort(), method, "/health/live")))
          .as(method)
          .isIn(0, 400, 401, 404, 405);
    }
  }

  @Test
  void body_ofAMegabyteAndMore_is413AndCounted() throws IOException {
    String answer =
        Raw.exchange(
            agent.adminPort(),
            "POST /api/off HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + operate
                + "\r\nContent-Length: 99999999999\r\n\r\n",
            1500);
    assertThat(Raw.status(answer)).isEqualTo(413);
    assertThat(refused("body")).isPositive();
  }

  @Test
  void metrics_forReaders_wantTheToken() throws IOException {
    try (SecuredAgent closed =
        SecuredAgent.passing(
            "admin.read-token-file=" + folder.resolve("read"), "admin.metrics=read")) {
      assertThat(Raw.status(Raw.ask(closed.adminPort(), "GET", "/metrics"))).isEqualTo(401);
      String bearer = "Authorization: Bearer " + read;
      assertThat(Raw.status(Raw.ask(closed.adminPort(), "GET", "/metrics", bearer))).isEqualTo(200);
      assertThat(Raw.status(Raw.ask(closed.adminPort(), "POST", "/api/off", bearer)))
          .isEqualTo(403);
    }
  }

  @Test
  void name_thatPointsHere_isRefusedWhereNobodyIsAsked() throws IOException {
    try (SecuredAgent free = SecuredAgent.passing()) {
      for (String host : new String[] {"evil.example", "evil.example:8081", "127.0.0.1.evil", ""}) {
        String request = "GET /api/exchanges HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        assertThat(Raw.status(Raw.exchange(free.adminPort(), request, 700)))
            .as(host)
            .isIn(400, 403);
      }
      for (String host : new String[] {"localhost:8081", "127.0.0.1", "[::1]:8081", "10.1.2.3"}) {
        String request = "GET /api/exchanges HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        assertThat(Raw.status(Raw.exchange(free.adminPort(), request, 700)))
            .as(host)
            .isEqualTo(200);
      }
      assertThat(free.counter("plumbline_admin_refused_total{reason=\"host\"")).isPositive();
    }
  }

  @Test
  void tokenFile_changed_holdsAfterAReload_andABadOneIsRefused() throws IOException {
    Path own = Files.createDirectories(folder.resolve("reload"));
    String first = SecuredAgent.token(own, "first");
    Path config = own.resolve("plumbline.yaml");
    try (SecuredAgent reloading =
        SecuredAgent.fromFile(config, "admin.operate-token-file: " + own.resolve("first"))) {
      String old = "Authorization: Bearer " + first;
      Socket events = begun(reloading, old);
      Files.writeString(own.resolve("first"), "n".repeat(40));
      assertThat(Raw.status(Raw.ask(reloading.adminPort(), "POST", "/api/reload", old)))
          .isEqualTo(200);
      assertThat(Raw.read(events.getInputStream())).as("the last chunk").endsWith("0\r\n\r\n");
      events.close();
      assertThat(Raw.status(Raw.ask(reloading.adminPort(), "GET", "/api/state", old)))
          .isEqualTo(401);
      String fresh = "Authorization: Bearer " + "n".repeat(40);
      assertThat(Raw.status(Raw.ask(reloading.adminPort(), "GET", "/api/state", fresh)))
          .isEqualTo(200);
      Files.writeString(own.resolve("first"), "short");
      assertThat(Raw.status(Raw.ask(reloading.adminPort(), "POST", "/api/reload", fresh)))
          .isEqualTo(422);
      assertThat(Raw.status(Raw.ask(reloading.adminPort(), "GET", "/api/state", fresh)))
          .isEqualTo(200);
    }
  }

  /** A stream of events, with its first piece read. */
  private static Socket begun(SecuredAgent agent, String credentials) throws IOException {
    Socket socket = new Socket("127.0.0.1", agent.adminPort());
    socket.setSoTimeout(3000);
    String head = "GET /api/events HTTP/1.1\r\nHost: localhost\r\n" + credentials + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    String seen = "";
    while (!seen.endsWith("verdicts follow\n\n")) {
      seen += (char) socket.getInputStream().read();
    }
    return socket;
  }

  @Test
  void configuration_thatOpensThePort_isRefused() throws IOException {
    assertThatThrownBy(() -> start(Map.of("admin.host", "0.0.0.0")))
        .hasMessageContaining("admin.insecure");
    Path shared = Files.writeString(folder.resolve("shared"), "s".repeat(40));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> start(Map.of("admin.read-token-file", shared.toString())))
        .hasMessageContaining("others cannot read")
        .hasMessageNotContaining("sssss");
    SecuredAgent.token(folder, "s");
    Path few = Files.writeString(folder.resolve("s"), "tooshort");
    assertThatThrownBy(() -> start(Map.of("admin.operate-token-file", few.toString())))
        .hasMessageContaining("32 to 512")
        .hasMessageNotContaining("tooshort");
    assertThatThrownBy(
            () ->
                start(
                    Map.of(
                        "admin.read-token-file",
                        folder.resolve("read").toString(),
                        "admin.operate-token-file",
                        folder.resolve("read").toString())))
        .hasMessageContaining("a token of its own");
    start(Map.of("admin.host", "0.0.0.0", "admin.insecure", "true")).close();
  }

  private static SecuredAgent start(Map<String, String> more) {
    Map<String, String> all = new java.util.HashMap<>(more);
    all.put("origin.url", "http://127.0.0.1:1");
    return SecuredAgent.without(all);
  }
}
