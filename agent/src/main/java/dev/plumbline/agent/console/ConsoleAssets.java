package dev.plumbline.agent.console;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The page's files: an allow-list, read from the class path once, about 250 KiB. The page names
 * them below a folder called after the digest of all of them, so a browser may keep each for good
 * and a new build is new names. Immutable.
 */
final class ConsoleAssets {
  private static final String OWN = "console/";
  private static final String LIT = "META-INF/resources/webjars/lit-html/3.3.2/";
  private static final String PLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final String PAGE = "console/index.html";
  private static final String DIGEST_MARK = "{digest}";
  private static final int DIGEST_LETTERS = 32;

  private static final List<String> OWN_FILES =
      List.of(
          "style.css",
          "icon.svg",
          "app.js",
          "api.js",
          "sse.js",
          "store.js",
          "feed.js",
          "detail.js",
          "cards.js",
          "control.js",
          "charts.js",
          "words.js");
  private static final List<String> LIT_FILES =
      List.of("lit-html.js", "directive.js", "directive-helpers.js", "directives/repeat.js");
  private static final List<String> PLOT_FILES = List.of("uPlot.esm.js", "uPlot.min.css");

  /**
   * One file.
   *
   * @param tag its strong entity tag (RFC 9110, 8.8.3)
   */
  record Asset(String contentType, Buffer bytes, String tag) {}

  private final Map<String, Asset> byPath = new TreeMap<>();
  private final String digest;
  private final Asset page;

  private ConsoleAssets() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    OWN_FILES.forEach(name -> files.put(name, read(OWN + name)));
    LIT_FILES.forEach(name -> files.put("lib/lit-html/" + name, read(LIT + name)));
    PLOT_FILES.forEach(name -> files.put("lib/uplot/" + name, read(PLOT + name)));
    MessageDigest all = sha256();
    files.forEach(
        (name, bytes) -> {
          all.update(name.getBytes(StandardCharsets.UTF_8));
          all.update(bytes);
          byPath.put(name, asset(name, bytes));
        });
    digest = HexFormat.of().formatHex(all.digest()).substring(0, DIGEST_LETTERS);
    String html = new String(read(PAGE), StandardCharsets.UTF_8).replace(DIGEST_MARK, digest);
    page = asset(PAGE, html.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads them; takes a while, so not on an event loop.
   *
   * @throws UncheckedIOException where the build lacks one
   */
  static ConsoleAssets load() {
    return new ConsoleAssets();
  }

  Asset page() {
    return page;
  }

  /** What the files' folder is called. */
  String digest() {
    return digest;
  }

  /** A file by its path below that folder, exactly as it is listed. */
  Optional<Asset> find(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  Map<String, Asset> all() {
    return Map.copyOf(byPath);
  }

  private static Asset asset(String name, byte[] bytes) {
    String tag = HexFormat.of().formatHex(sha256().digest(bytes)).substring(0, DIGEST_LETTERS);
    return new Asset(contentType(name), Buffer.buffer(bytes), '"' + tag + '"');
  }

  private static String contentType(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("no content type for " + name);
    };
  }

  private static byte[] read(String resource) {
    try (InputStream in = ConsoleAssets.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("wanted " + resource + " on the class path, found none");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
