package dev.plumbline.agent.ports;

import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.ClientSSLOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Clients whose certificates can be read anew. New ones hold for new connections; those that are
 * open go on. Thread-safe.
 */
public final class TlsClients {
  private final List<Made> all = new CopyOnWriteArrayList<>();

  private record Made(HttpClientAgent client, Supplier<HttpClientOptions> options) {}

  /**
   * Takes one in.
   *
   * @param options what it was made with, read from files each time; throws where it cannot be
   */
  public HttpClientAgent add(HttpClientAgent client, Supplier<HttpClientOptions> options) {
    all.add(new Made(client, options));
    return client;
  }

  /**
   * Reads their files, so not on an event loop.
   *
   * @param kept told once where some keep what they have, since their files are not good
   */
  public void reread(Consumer<Throwable> kept) {
    try {
      all.forEach(TlsClients::renew);
    } catch (RuntimeException e) {
      kept.accept(e);
    }
  }

  private static void renew(Made made) {
    ClientSSLOptions read = made.options().get().getSslOptions();
    if (read != null) {
      made.client().updateSSLOptions(read);
    }
  }
}
