package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The console's files over HTTP. */
class ConsoleTest {
  private static final Pattern NAMED = Pattern.compile("(?:href|src)=\"(f/[^\"]+)\"");
  private static final Pattern IMPORTED = Pattern.compile("from ?['\"](\\.[^'\"]+)['\"]");

  private RunningAgent agent;

  @BeforeEach
  void start() {
    agent = Agents.serving(new ScriptedModels());
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private RawHttp.Response get(String path, String... headers) throws IOException {
    return RawHttp.get(agent.adminPort(), path, headers);
  }

  @Test
  void root_leadsToThePage() throws IOException {
    for (String path : new String[] {"/", "/console"}) {
      RawHttp.Response found = get(path);
      assertThat(found.status()).isEqualTo(302);
      assertThat(found.header("location")).contains("/console/");
    }
  }

  @Test
  void page_andAllThatItNames_areServedForGoodUnderAStrictPolicy() throws IOException {
    RawHttp.Response page = get("/console/");
    assertThat(page.header("cache-control")).contains("no-cache");
    assertThat(page.text()).doesNotContain("<style", "style=", "onclick", "http://", "https://");
    List<String> files = new ArrayList<>();
    Matcher named = NAMED.matcher(page.text());
    while (named.find()) {
      files.add("/console/" + named.group(1));
    }
    assertThat(files).hasSize(4);
    for (int i = 0; i < files.size(); i++) {
      String file = files.get(i);
      RawHttp.Response asset = get(file);
      assertThat(asset.status()).as(file).isEqualTo(200);
      assertThat(asset.header("cache-control").orElseThrow()).contains("immutable");
      assertThat(asset.header("x-content-type-options")).contains("nosniff");
      assertThat(asset.header("content-security-policy").orElseThrow())
          .startsWith("default-src 'none';")
          .doesNotContain("unsafe");
      String tag = asset.header("etag").orElseThrow();
      assertThat(get(file, "If-None-Match: " + tag).status()).as(file).isEqualTo(304);
      Matcher imported = IMPORTED.matcher(asset.text());
      while (imported.find()) {
        String next = java.net.URI.create(file).resolve(imported.group(1)).toString();
        if (!files.contains(next)) {
          files.add(next);
        }
      }
    }
    assertThat(files).anyMatch(f -> f.endsWith("/lit-html.js")).hasSizeGreaterThan(15);
  }

  @Test
  void paths_thatAreNotOnTheList_areNotFound() throws IOException {
    String page = get("/console/").text();
    Matcher named = NAMED.matcher(page);
    assertThat(named.find()).isTrue();
    String folder = "/console/" + named.group(1).replaceFirst("[^/]+$", "");
    for (String path :
        new String[] {
          "/console/index.html",
          "/console/f/0123/app.js",
          folder,
          folder + "../app.js",
          folder + "..%2f..%2fsimplelogger.properties",
          folder + "%2e%2e/%2e%2e/simplelogger.properties",
          folder + "lib/lit-html/../../app.js",
          folder + "app.js%00",
          "/console/..;/api/state",
          "/console/f//etc/passwd"
        }) {
      assertThat(get(path).status()).as(path).isIn(400, 404);
    }
    assertThat(RawHttp.post(agent.adminPort(), "/console/", "x").status()).isIn(404, 405);
  }

  @Test
  void tokens_notAskedFor_areNotKeptAndSaidSo() throws IOException {
    assertThat(get("/api/tokens").text())
        .isEqualTo("{\"exchanges\":0,\"each\":512,\"text\":false,\"layers\":false,\"latest\":[]}");
    RawHttp.Response none = get("/api/tokens/x");
    assertThat(none.status()).isEqualTo(404);
    assertThat(none.text()).contains("tokens.kept is 0");
  }
}
