package dev.plumbline.agent.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The model that a path is about: {@code /v2/models/NAME…} (Open Inference Protocol and Triton, all
 * routes of a model, not only those that generate) and {@code /v1/models/NAME}, where a name may
 * hold slashes.
 */
public final class PathModel {
  private static final Pattern OIP = Pattern.compile("/v2/models/([^/]+)(?:/.*)?");
  private static final Pattern OPEN_AI = Pattern.compile("(?:/openai)?/v1/models/(.+?)/?");

  private PathModel() {}

  /** The name, decoded. */
  public static Optional<String> of(String path) {
    Matcher oip = OIP.matcher(path);
    if (oip.matches()) {
      return Optional.of(decode(oip.group(1)));
    }
    Matcher openAi = OPEN_AI.matcher(path);
    return openAi.matches() ? Optional.of(decode(openAi.group(1))) : Optional.empty();
  }

  /** Whether a path is the list of all models, in the OpenAI form. */
  public static boolean isList(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.equals("/v1/models") || plain.equals("/openai/v1/models");
  }

  private static String decode(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }
}
