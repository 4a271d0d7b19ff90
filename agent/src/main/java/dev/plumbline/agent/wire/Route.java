package dev.plumbline.agent.wire;

/** What a request path means to the agent. */
public enum Route {
  CHAT_COMPLETIONS("/v1/chat/completions"),
  COMPLETIONS("/v1/completions"),
  MODELS("/v1/models"),
  /** Anything else: passed on and counted, never scored. */
  OTHER("");

  private final String path;

  Route(String path) {
    this.path = path;
  }

  /** The path served, without a query. */
  public String path() {
    return path;
  }

  /** Whether a POST to this route asks a model for text. */
  public boolean generates() {
    return this == CHAT_COMPLETIONS || this == COMPLETIONS;
  }

  /** The route of a decoded path; a trailing slash is forgiven, as model servers forgive it. */
  public static Route of(String path) {
    if (path == null || path.isEmpty()) {
      return OTHER;
    }
    String plain =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    for (Route route : values()) {
      if (route != OTHER && (route.path.equals(plain))) {
        return route;
      }
    }
    return plain.startsWith(MODELS.path + "/") ? MODELS : OTHER;
  }
}
