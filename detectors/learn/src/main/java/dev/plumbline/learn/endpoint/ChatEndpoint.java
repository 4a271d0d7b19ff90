package dev.plumbline.learn.endpoint;

import dev.plumbline.learn.endpoint.Poster.Posted;

/** Asks a chat-completions endpoint, as {@link Poster} posts. Thread-safe; blocks the caller. */
public final class ChatEndpoint {
  private final EndpointSettings settings;
  private final Poster poster;

  public ChatEndpoint(EndpointSettings settings) {
    this.settings = settings;
    this.poster = new Poster(settings.target(), settings.key(), settings.deadline());
  }

  public EndpointSettings settings() {
    return settings;
  }

  /** Requests sent, retries included. */
  public long requests() {
    return poster.requests();
  }

  /** Requests sent again. */
  public long retries() {
    return poster.retries();
  }

  /** The reply, or what failed last; comes back at the deadline at the latest. */
  public ChatReply ask(ChatQuery query) {
    Posted posted = poster.post(query.json(settings.model(), settings.limitField()).toString());
    if (posted instanceof Posted.Body body) {
      return ReplyReader.read(body.text());
    }
    Posted.Lost lost = (Posted.Lost) posted;
    return new ChatReply.Failed(lost.cause(), lost.detail());
  }
}
