package dev.plumbline.agent.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a request path means to the agent. There are two meanings, which are not the same: what is
 * understood in passing ({@link #of}), which is the traffic of every server people run, and what
 * the embedded origin serves itself ({@link #served}), which is three routes.
 */
public enum Route {
  CHAT_COMPLETIONS("/v1/chat/completions", true),
  COMPLETIONS("/v1/completions", true),
  RESPONSES("/v1/responses", true),
  /** Anthropic's messages, which vLLM, SGLang and llama.cpp speak too. */
  MESSAGES("/v1/messages", true),
  /** SGLang's or TGI's own: the body tells which. */
  GENERATE("/generate", true),
  /** TGI. */
  GENERATE_STREAM("/generate_stream", true),
  /** llama.cpp's own form; {@code /completions} without a version is the same. */
  COMPLETION("/completion", true),
  /** Triton's generate extension. */
  OIP_GENERATE("/v2/models/{model}/generate", true),
  OIP_GENERATE_STREAM("/v2/models/{model}/generate_stream", true),
  /** Open Inference Protocol; text only where the tensors are text. */
  OIP_INFER("/v2/models/{model}/infer", true),
  /** Open Inference Protocol over gRPC; the model stands in the message. */
  OIP_GRPC_INFER("/inference.GRPCInferenceService/ModelInfer", true),
  /** Triton's stream of requests and answers. */
  OIP_GRPC_STREAM_INFER("/inference.GRPCInferenceService/ModelStreamInfer", true),
  MODELS("/v1/models", false),
  /** Anything else: passed on and counted, never scored. */
  OTHER("", false);

  private static final String OIP_MODELS = "/v2/models/";

  private static final Pattern OIP =
      Pattern.compile("/v2/models/([^/]+)(?:/versions/[^/]+)?/(generate|generate_stream|infer)");

  private static final Map<String, Route> BY_PATH =
      Stream.of(values())
          .filter(route -> route != OTHER)
          .collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));

  private final String path;
  private final boolean generates;

  Route(String path, boolean generates) {
    this.path = path;
    this.generates = generates;
  }

  /** The path in its usual form, without a query; a model's name is left open. */
  public String path() {
    return path;
  }

  /** Whether a POST to this route asks a model for an answer. */
  public boolean generates() {
    return generates;
  }

  /** Whether the body is gRPC's messages. */
  public boolean grpc() {
    return this == OIP_GRPC_INFER || this == OIP_GRPC_STREAM_INFER;
  }

  /**
   * What a path means in passing; a trailing slash is forgiven, as model servers forgive it.
   * KServe's {@code /openai} prefix and llama.cpp's forms without {@code /v1} are taken off or put
   * on.
   */
  public static Route of(String path) {
    String plain = plain(path);
    if (plain.startsWith(OIP_MODELS)) {
      Matcher oip = OIP.matcher(plain);
      return oip.matches() ? exact(OIP_MODELS + "{model}/" + oip.group(2)) : OTHER;
    }
    String usual = plain.startsWith("/openai/v1/") ? plain.substring("/openai".length()) : plain;
    return switch (usual) {
      case "/chat/completions", "/responses" -> exact("/v1" + usual);
      case "/completions" -> COMPLETION;
      default -> usual.startsWith(MODELS.path + "/") ? MODELS : exact(usual);
    };
  }

  /** What a path means to the embedded origin: {@link #OTHER} for all it does not serve. */
  public static Route served(String path) {
    String plain = plain(path);
    Route route = plain.startsWith(MODELS.path + "/") ? MODELS : exact(plain);
    return switch (route) {
      case CHAT_COMPLETIONS, COMPLETIONS, MODELS -> route;
      default -> OTHER;
    };
  }

  /** The model named in a path rather than in a body, as the Open Inference Protocol does. */
  public static Optional<String> modelIn(String path) {
    if (path == null || !path.startsWith(OIP_MODELS)) {
      return Optional.empty();
    }
    Matcher oip = OIP.matcher(plain(path));
    return oip.matches() ? Optional.of(decode(oip.group(1))) : Optional.empty();
  }

  private static Route exact(String path) {
    return BY_PATH.getOrDefault(path, OTHER);
  }

  private static String plain(String path) {
    if (path == null || path.length() < 2 || !path.endsWith("/")) {
      return path == null ? "" : path;
    }
    return path.substring(0, path.length() - 1);
  }

  private static String decode(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }
}
