package dev.plumbline.agent.admin;

import dev.plumbline.agent.console.ConsoleRoutes;
import dev.plumbline.agent.fleet.PackedArtefact;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;

/**
 * Stands before every route of the admin port: puts the secure headers on its answer and lets
 * nobody through who may not. Whoever looks (GET, HEAD) needs the read role, whoever acts (any
 * other method) the operate role; health is everybody's. Neither may a browser that was sent by
 * another site's page, which could read nothing but would hold a place among the readers of events.
 * Each refusal is counted by its reason, and so is each answer of a route that is one (4xx).
 */
public final class AdminGuard implements Handler<RoutingContext> {
  /** Of a request, but where an artefact is published. */
  static final long MOST_BODY_BYTES = 1 << 20;

  /** What says nothing but whether the agent is up, and where the page is. */
  private static final Set<String> OPEN = Set.of("/health/live", "/health/ready", "/");

  /** Files of the console's page: they are the same for everybody and hold no data. */
  private static final String CONSOLE = "/console";

  private final AdminAccess access;
  private final Meters meters;

  public AdminGuard(AdminAccess access, Meters meters) {
    this.access = access;
    this.meters = meters;
  }

  /** Why somebody is not let through. */
  private enum Refused {
    HOST(403, "wanted this agent's own address as Host, found a name; a page may have led here"),
    ORIGIN(403, "wanted a request of this agent's own page, found one of another"),
    NO_CREDENTIALS(401, "wanted Authorization: Bearer TOKEN (admin.*-token-file), found none"),
    WRONG_CREDENTIALS(401, "wanted a token of this agent (admin.*-token-file), found another"),
    ROLE(403, "wanted the operate role (admin.operate-token-file), found the read role"),
    BAD_REQUEST(400, "wanted a path and a query in percent-encoding, found something else"),
    BODY(413, "wanted a smaller body (1 MiB; of a publish what an artefact may have), found more");

    private final int status;
    private final String why;

    Refused(int status, String why) {
      this.status = status;
      this.why = why;
    }
  }

  @Override
  public void handle(RoutingContext context) {
    secure(context.response().headers());
    Optional<Refused> refused = check(context);
    if (refused.isEmpty()) {
      context.addEndHandler(end -> answered(context.response().getStatusCode()));
      context.next();
    } else {
      refuse(context, refused.get());
    }
  }

  /** A route's own refusal. */
  private void answered(int status) {
    if (status >= 400 && status < 500) {
      meters.count(
          Meter.ADMIN_REFUSED,
          switch (status) {
            case 400 -> "bad_request";
            case 403 -> "forbidden";
            case 404 -> "not_found";
            case 409 -> "conflict";
            case 413 -> "body";
            case 422 -> "unfit";
            default -> "other";
          });
    }
  }

  static void secure(MultiMap headers) {
    headers
        .set("content-security-policy", ConsoleRoutes.POLICY)
        .set("x-content-type-options", "nosniff")
        .set("x-frame-options", "DENY")
        .set("referrer-policy", "no-referrer")
        .set("cross-origin-opener-policy", "same-origin")
        .set("cross-origin-resource-policy", "same-origin")
        .set("cache-control", "no-store");
  }

  private Optional<Refused> check(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!readable(context)) {
      return Optional.of(Refused.BAD_REQUEST);
    }
    boolean acts = acts(request.method());
    if (!acts && open(context.normalizedPath())) {
      return Optional.empty();
    }
    if (!access.asks() && !access.insecure() && !SameSite.knows(request)) {
      return Optional.of(Refused.HOST);
    }
    if (!SameSite.sent(request)) {
      return Optional.of(Refused.ORIGIN);
    }
    Optional<Refused> role = access.asks() ? role(access.of(request), acts) : Optional.empty();
    long most = most(context.normalizedPath());
    return role.or(() -> body(request, most));
  }

  private boolean open(String path) {
    return OPEN.contains(path)
        || path.equals(CONSOLE)
        || path.startsWith(CONSOLE + "/")
        || (path.equals("/metrics") && access.openMetrics());
  }

  private static boolean acts(HttpMethod method) {
    return !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
  }

  private static Optional<Refused> role(AdminAccess.Role role, boolean acts) {
    return switch (role) {
      case NOBODY -> Optional.of(Refused.NO_CREDENTIALS);
      case WRONG -> Optional.of(Refused.WRONG_CREDENTIALS);
      case READ -> acts ? Optional.of(Refused.ROLE) : Optional.empty();
      case OPERATE -> Optional.empty();
    };
  }

  /** Both are decoded when they are first asked for; later it would be a failure of the agent. */
  private static boolean readable(RoutingContext context) {
    try {
      context.normalizedPath();
      context.request().params();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static long most(String path) {
    return path.equals(FleetRoutes.COMMANDS) ? PackedArtefact.MOST_BYTES : MOST_BODY_BYTES;
  }

  /** A body without a told length is bounded by whoever reads it. */
  private static Optional<Refused> body(HttpServerRequest request, long most) {
    String length = request.getHeader("content-length");
    boolean tooLong = length != null && (length.length() > 9 || Long.parseLong(length) > most);
    return tooLong ? Optional.of(Refused.BODY) : Optional.empty();
  }

  private void refuse(RoutingContext context, Refused refused) {
    meters.count(Meter.ADMIN_REFUSED, refused.name().toLowerCase(java.util.Locale.ROOT));
    if (refused.status == 401) {
      context.response().putHeader("www-authenticate", "Bearer realm=\"plumbline\"");
    }
    HttpServerRequest request = context.request();
    boolean ends = refused == Refused.BODY && request.version() != HttpVersion.HTTP_2;
    if (ends) {
      context.response().putHeader("connection", "close");
    }
    context
        .response()
        .setStatusCode(refused.status)
        .putHeader("content-type", "application/json")
        .end(new JsonObject().put("error", refused.why).encode())
        .onComplete(
            sent -> {
              if (ends) {
                request.connection().close();
              }
            });
  }
}
