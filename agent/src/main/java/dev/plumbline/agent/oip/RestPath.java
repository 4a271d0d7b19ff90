package dev.plumbline.agent.oip;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path below {@code /v2}.
 *
 * @param what which of them
 * @param name of a model or a region; empty for none
 * @param version of a model; empty for none
 */
record RestPath(What what, String name, String version) {
  enum What {
    SERVER,
    LIVE,
    READY,
    MODEL,
    MODEL_READY,
    CONFIG,
    STATS,
    INFER,
    REGIONS,
    REGISTER,
    UNREGISTER,
    /** Known to the protocol's extensions, and not offered. */
    NOT_OFFERED,
    UNKNOWN
  }

  private static final Pattern MODEL =
      Pattern.compile(
          "/v2/models(?:/([^/]+)(?:/versions/([^/]+))?)?(?:/(ready|config|stats|infer))?");
  private static final Pattern REGION =
      Pattern.compile("/v2/systemsharedmemory(?:/region/([^/]+))?/(status|register|unregister)");
  private static final Pattern ELSEWHERE =
      Pattern.compile(
          "/v2/(?:cudasharedmemory|repository|trace|logging)(?:/.*)?"
              + "|/v2/models/.*/(?:generate|generate_stream|trace/setting)");

  static RestPath of(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    switch (plain) {
      case "/v2":
        return new RestPath(What.SERVER, "", "");
      case "/v2/health/live":
        return new RestPath(What.LIVE, "", "");
      case "/v2/health/ready":
        return new RestPath(What.READY, "", "");
      case "/v2/models/stats":
        return new RestPath(What.STATS, "", "");
      default:
        return found(plain);
    }
  }

  private static RestPath found(String path) {
    if (ELSEWHERE.matcher(path).matches()) {
      return new RestPath(What.NOT_OFFERED, "", "");
    }
    Matcher model = MODEL.matcher(path);
    if (model.matches() && model.group(1) != null) {
      return new RestPath(what(model.group(3)), decode(model.group(1)), decode(model.group(2)));
    }
    Matcher region = REGION.matcher(path);
    if (region.matches()) {
      return new RestPath(about(region.group(2)), decode(region.group(1)), "");
    }
    return new RestPath(What.UNKNOWN, "", "");
  }

  private static What what(String last) {
    return switch (Optional.ofNullable(last).orElse("")) {
      case "ready" -> What.MODEL_READY;
      case "config" -> What.CONFIG;
      case "stats" -> What.STATS;
      case "infer" -> What.INFER;
      default -> What.MODEL;
    };
  }

  private static What about(String last) {
    return switch (last) {
      case "register" -> What.REGISTER;
      case "unregister" -> What.UNREGISTER;
      default -> What.REGIONS;
    };
  }

  private static String decode(String text) {
    if (text == null) {
      return "";
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** The method it takes. */
  String method() {
    return switch (what) {
      case INFER, REGISTER, UNREGISTER -> "POST";
      default -> "GET";
    };
  }
}
