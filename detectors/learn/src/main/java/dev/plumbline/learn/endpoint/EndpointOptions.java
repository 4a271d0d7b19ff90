package dev.plumbline.learn.endpoint;

import dev.plumbline.core.Check;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** An OpenAI-compatible endpoint on the command line. */
public final class EndpointOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Base of an OpenAI-compatible endpoint, such as http://localhost:8000/v1.")
  private URI url;

  @Option(
      names = "--api-model",
      paramLabel = "NAME",
      description = "The endpoint's name for the model.")
  private String apiModel;

  @Option(
      names = "--key-env",
      paramLabel = "VARIABLE",
      description = "Environment variable with the key; without it none is sent.")
  private String keyVariable;

  @Option(
      names = "--parallel",
      defaultValue = "8",
      paramLabel = "N",
      description = "Most requests at once (${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--deadline",
      defaultValue = "120",
      paramLabel = "SECONDS",
      description = "For one request with its retries (${DEFAULT-VALUE}).")
  private int deadlineSeconds;

  @Option(
      names = "--limit-field",
      defaultValue = "max_tokens",
      description = "max_tokens or max_completion_tokens (${DEFAULT-VALUE}).")
  private String limitField;

  /** Whether one is named. */
  public boolean given() {
    return url != null;
  }

  /** Most requests at once. */
  public int parallel() {
    return parallel;
  }

  /** For one request with its retries. */
  public int deadlineSeconds() {
    return deadlineSeconds;
  }

  /** The endpoint, checked. */
  public EndpointSettings settings() {
    Check.that(url != null, "--url", "an endpoint", "none", "name it");
    Check.that(apiModel != null, "--api-model", "the endpoint's model", "none", "name it");
    return new EndpointSettings(
        url, apiModel, key(), parallel, Duration.ofSeconds(deadlineSeconds), limitField);
  }

  private Optional<String> key() {
    if (keyVariable == null) {
      return Optional.empty();
    }
    String key = System.getenv(keyVariable);
    Check.that(
        key != null && !key.isBlank(),
        "--key-env " + keyVariable,
        "a key in that variable",
        "none",
        "export it");
    return Optional.of(key);
  }
}
