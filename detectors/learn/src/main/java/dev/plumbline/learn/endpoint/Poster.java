package dev.plumbline.learn.endpoint;

import dev.plumbline.learn.endpoint.ChatReply.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Posts JSON to one address, again while it is overloaded or out of reach, until the deadline.
 * Waits double from a quarter of a second; the server's {@code Retry-After} in seconds comes first.
 *
 * <p>Thread-safe; blocks the caller. Replies are bounded by 8 MiB.
 */
public final class Poster {
  private static final int LONGEST_REPLY = 8 << 20;
  private static final Set<Integer> AGAIN = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final long FIRST_WAIT_MILLIS = 250;
  private static final long LONGEST_WAIT_MILLIS = 20_000;

  private final URI target;
  private final Optional<String> key;
  private final Duration deadline;
  private final HttpClient client;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();

  /**
   * @param key sent as bearer token
   * @param deadline of one request with all its retries
   */
  public Poster(URI target, Optional<String> key, Duration deadline) {
    this.target = target;
    this.key = key;
    this.deadline = deadline;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** What came back. */
  public sealed interface Posted {
    /** The body of a success. */
    record Body(String text) implements Posted {}

    /** What failed last. */
    record Lost(Cause cause, String detail) implements Posted {}
  }

  /** Requests sent, retries included. */
  public long requests() {
    return requests.get();
  }

  /** Requests sent again. */
  public long retries() {
    return retries.get();
  }

  /** Posts; comes back at the deadline at the latest. */
  public Posted post(String body) {
    long end = System.nanoTime() + deadline.toNanos();
    long wait = FIRST_WAIT_MILLIS;
    while (true) {
      Attempt attempt = attempt(body, end - System.nanoTime());
      long pause = attempt.retryAfterMillis().orElse(wait);
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (!attempt.again() || pause >= left || !pause(pause)) {
        return attempt.posted();
      }
      wait = Math.min(LONGEST_WAIT_MILLIS, 2 * wait);
      retries.incrementAndGet();
    }
  }

  /** One request's outcome, and whether another may fare better. */
  private record Attempt(Posted posted, boolean again, Optional<Long> retryAfterMillis) {
    static Attempt lost(String detail, boolean again) {
      return new Attempt(new Posted.Lost(Cause.TRANSPORT, detail), again, Optional.empty());
    }
  }

  private Attempt attempt(String body, long nanos) {
    requests.incrementAndGet();
    try {
      HttpResponse<InputStream> response =
          client.send(
              request(body, Duration.ofNanos(Math.max(1_000_000, nanos))),
              HttpResponse.BodyHandlers.ofInputStream());
      return outcome(response, text(response, nanos));
    } catch (IOException e) {
      return Attempt.lost(e.toString(), true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Attempt.lost("interrupted", false);
    }
  }

  private HttpRequest request(String body, Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request.build();
  }

  private static String text(HttpResponse<InputStream> response, long nanos) throws IOException {
    try (InputStream in = response.body()) {
      Closing late = Closing.after(in, nanos);
      try {
        byte[] bytes = in.readNBytes(LONGEST_REPLY + 1);
        if (bytes.length > LONGEST_REPLY) {
          throw new IOException("a reply of more than " + LONGEST_REPLY + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
      } finally {
        late.cancel();
      }
    }
  }

  private static Attempt outcome(HttpResponse<InputStream> response, String body) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return new Attempt(new Posted.Body(body), false, Optional.empty());
    }
    String detail = "HTTP " + status + ": " + ReplyReader.shorten(body);
    boolean again = AGAIN.contains(status);
    Cause cause = again ? Cause.TRANSPORT : Cause.REJECTED;
    return new Attempt(new Posted.Lost(cause, detail), again, retryAfter(response));
  }

  /** Dates are passed over: the doubled wait will do. */
  private static Optional<Long> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> 1000 * Long.parseLong(value));
  }

  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
