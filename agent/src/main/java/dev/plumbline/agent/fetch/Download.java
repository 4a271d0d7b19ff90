package dev.plumbline.agent.fetch;

import dev.plumbline.agent.config.SafeHost;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One download into a file, with a limit on size and on time. A few redirects are followed, from
 * https never to http, and to no host that a configured URL may not name ({@link SafeHost}).
 *
 * @param mostBytes of the body
 * @param deadline for all of it
 * @param plainHttp whether http is allowed
 */
record Download(long mostBytes, Duration deadline, boolean plainHttp) {
  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /**
   * Fetches a URL whose body has that SHA-256.
   *
   * @param sha256 64 hex digits, lower case
   * @param into a file of the caller's, replaced; of no use after a failure
   * @throws FetchException if it is not there, too large, too slow, or something else
   */
  void fetch(URI url, String sha256, Path into) throws IOException, InterruptedException {
    require(url);
    String found = body(url, into);
    if (!found.equals(sha256)) {
      throw new FetchException(
          shown(url), "SHA-256 " + sha256, found, "it is another file: check URL and digest");
    }
  }

  /** Without what may be a secret: a password, a signature in the query. */
  private static String shown(URI url) {
    String bare = url.toString().replaceFirst("[?#].*", "").replaceFirst("//[^/]*@", "//");
    return url.getRawQuery() == null ? bare : bare + "?…";
  }

  private void require(URI url) {
    boolean http = plainHttp && "http".equalsIgnoreCase(url.getScheme());
    if (!(http || "https".equalsIgnoreCase(url.getScheme())) || url.getHost() == null) {
      throw new FetchException(
          shown(url), "an https:// URL", url.getScheme(), "for http say --plain-http");
    }
    if (!SafeHost.allowed(url.getHost())) {
      throw new FetchException(
          shown(url), "no link-local or metadata address", url.getHost(), "name another host");
    }
  }

  /** Where an answer sends one; looked at before anybody is asked there. */
  private URI redirected(URI from, HttpResponse<String> answer) {
    URI to;
    try {
      to = from.resolve(answer.headers().firstValue("location").orElse(""));
    } catch (IllegalArgumentException e) {
      throw new FetchException(shown(from), "a redirect to a URL", "another", "check the URL");
    }
    require(to);
    if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme())) {
      throw new FetchException(shown(from), "a redirect to https", shown(to), "check the URL");
    }
    return to;
  }

  private String body(URI url, Path into) throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    long end = System.nanoTime() + deadline.toNanos();
    HttpResponse<String> response = ask(client, url, into, end);
    URI at = url;
    for (int hops = 0; REDIRECTS.contains(response.statusCode()); hops++) {
      if (hops == MOST_REDIRECTS) {
        throw new FetchException(
            shown(url), "at most " + MOST_REDIRECTS + " redirects", "more", "check the URL");
      }
      at = redirected(at, response);
      response = ask(client, at, into, end);
    }
    if (response.statusCode() != 200) {
      throw new FetchException(shown(at), "200", response.statusCode(), "check the URL");
    }
    return response.body();
  }

  /** One question; the file holds the body of the last that was answered with 200. */
  private HttpResponse<String> ask(HttpClient client, URI url, Path into, long end)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url).timeout(deadline).build();
    try (OutputStream out = Files.newOutputStream(into)) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              request,
              head ->
                  head.statusCode() == 200
                      ? new LimitedFile(shown(url), out, mostBytes, sha256())
                      : BodySubscribers.replacing(""));
      return await(url, answer, end);
    }
  }

  private HttpResponse<String> await(
      URI url, CompletableFuture<HttpResponse<String>> answer, long end)
      throws InterruptedException {
    try {
      return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new FetchException(
          shown(url), "all of it within " + deadline, "less", "raise --deadline or try again");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FetchException refused) {
        throw refused;
      }
      throw new FetchException(
          shown(url), "an answer", e.getCause(), "see that it is up and can be reached");
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
