package dev.plumbline.learn.endpoint;

import dev.plumbline.core.Check;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where an endpoint is and how it may be asked.
 *
 * @param url base such as {@code http://host:8000/v1}, or the whole address of {@code
 *     chat/completions}
 * @param model name sent as {@code model}
 * @param key sent as bearer token; never printed
 * @param parallel most requests at once
 * @param deadline of one request with all its retries
 * @param limitField name of the bound on tokens: {@code max_tokens} or {@code
 *     max_completion_tokens}
 */
public record EndpointSettings(
    URI url,
    String model,
    Optional<String> key,
    int parallel,
    Duration deadline,
    String limitField) {
  private static final int MOST_PARALLEL = 512;
  private static final String PATH = "/chat/completions";

  public EndpointSettings {
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    Check.that(web && url.getHost() != null, "--url", "http://… or https://…", url, "correct it");
    Check.text(model, "--api-model");
    Check.that(
        parallel >= 1 && parallel <= MOST_PARALLEL,
        "--parallel",
        "1 to " + MOST_PARALLEL,
        parallel,
        "correct it");
    Check.that(
        !deadline.isNegative() && !deadline.isZero(),
        "--deadline",
        "above 0",
        deadline,
        "raise it");
    Check.that(
        limitField.equals("max_tokens") || limitField.equals("max_completion_tokens"),
        "--limit-field",
        "max_tokens or max_completion_tokens",
        limitField,
        "correct it");
  }

  /** The address that is posted to. */
  public URI target() {
    String path = url.getPath() == null ? "" : url.getPath();
    if (path.endsWith(PATH)) {
      return url;
    }
    String base = url.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH);
  }

  @Override
  public String toString() {
    return model + " at " + url + (key.isPresent() ? ", with a key" : "");
  }
}
