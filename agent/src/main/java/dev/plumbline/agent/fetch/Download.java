package dev.plumbline.agent.fetch;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One download into a file, with a limit on size and on time. Redirects are followed, from https
 * never to http.
 *
 * @param mostBytes of the body
 * @param deadline for all of it
 * @param plainHttp whether http is allowed
 */
record Download(long mostBytes, Duration deadline, boolean plainHttp) {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /**
   * Fetches a URL whose body has that SHA-256.
   *
   * @param sha256 64 hex digits, lower case
   * @param into a file of the caller's, replaced; of no use after a failure
   * @throws FetchException if it is not there, too large, too slow, or something else
   */
  void fetch(URI url, String sha256, Path into) throws IOException, InterruptedException {
    requireScheme(url);
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

  private void requireScheme(URI url) {
    boolean http = plainHttp && "http".equalsIgnoreCase(url.getScheme());
    if (!(http || "https".equalsIgnoreCase(url.getScheme())) || url.getHost() == null) {
      throw new FetchException(
          shown(url), "an https:// URL", url.getScheme(), "for http say --plain-http");
    }
  }

  private String body(URI url, Path into) throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    HttpRequest request = HttpRequest.newBuilder(url).timeout(deadline).build();
    try (OutputStream out = Files.newOutputStream(into)) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              request,
              head ->
                  head.statusCode() == 200
                      ? new LimitedFile(shown(url), out, mostBytes, sha256())
                      : BodySubscribers.replacing(""));
      HttpResponse<String> response = await(url, answer);
      if (response.statusCode() != 200) {
        throw new FetchException(shown(url), "200", response.statusCode(), "check the URL");
      }
      return response.body();
    }
  }

  private HttpResponse<String> await(URI url, CompletableFuture<HttpResponse<String>> answer)
      throws InterruptedException {
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
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
