package dev.plumbline.agent.config;

import dev.plumbline.agent.config.SecuritySettings.OriginTls;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Mistakes in how single origins are known over TLS, and know the agent. */
final class OriginTlsChecks {
  private static final List<Family> PARTS =
      List.of(
          Family.ORIGIN_TLS_CA,
          Family.ORIGIN_TLS_CERTIFICATE,
          Family.ORIGIN_TLS_KEY,
          Family.ORIGIN_TLS_SERVER_NAME);

  private final Values values;
  private final Map<String, URI> urls;
  private final Map<String, URI> calls;
  private final List<Mistake> mistakes = new ArrayList<>();

  private OriginTlsChecks(Values values) {
    this.values = values;
    this.urls = values.all(Family.ORIGIN_URL, URI.class);
    this.calls = values.all(Family.ORIGIN_GRPC_URL, URI.class);
  }

  static List<Mistake> of(Values values) {
    OriginTlsChecks checks = new OriginTlsChecks(values);
    PARTS.forEach(checks::owners);
    checks.pairs();
    checks.servers();
    return checks.mistakes;
  }

  private void owners(Family part) {
    for (String name : values.all(part, Object.class).keySet()) {
      check(
          urls.containsKey(name),
          part.key(name),
          "TLS with no origin",
          Family.ORIGIN_URL.key(name));
      check(
          !urls.containsKey(name) || secure(urls.get(name)) || secure(calls.get(name)),
          part.key(name),
          "an origin in plain text",
          "https:// in " + Family.ORIGIN_URL.key(name));
    }
  }

  private static boolean secure(URI url) {
    return url != null && "https".equals(url.getScheme());
  }

  private void pairs() {
    Set<String> chains = values.all(Family.ORIGIN_TLS_CERTIFICATE, Object.class).keySet();
    Set<String> keys = values.all(Family.ORIGIN_TLS_KEY, Object.class).keySet();
    for (String name : urls.keySet()) {
      check(
          chains.contains(name) == keys.contains(name),
          Family.ORIGIN_TLS_KEY.key(name),
          "one of " + Family.ORIGIN_TLS_CERTIFICATE.key(name) + " and its key",
          "both or none");
    }
  }

  /** The agent's own questions go to a server, whatever name it has for which model. */
  private void servers() {
    Map<URI, String> first = new HashMap<>();
    values.find(Key.ORIGIN_URL, URI.class).ifPresent(url -> first.put(url, Origins.DEFAULT));
    urls.forEach(
        (name, url) -> {
          String before = first.putIfAbsent(url, name);
          check(
              before == null || !secure(url) || tls(before).equals(tls(name)),
              Family.ORIGIN_URL.key(name),
              "the server of " + before + ", known by other TLS settings",
              "the same settings for both");
        });
  }

  private OriginTls tls(String name) {
    return name.equals(Origins.DEFAULT)
        ? SecuritySettings.originTls(values)
        : SecuritySettings.originTls(values, name);
  }

  private void check(boolean holds, String key, String found, String wanted) {
    if (!holds) {
      mistakes.add(new Mistake(key, "together", found, wanted));
    }
  }
}
