package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedRequest;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.enforce.Annotation;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.wire.Stitcher;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Map;
import java.util.Optional;

/**
 * What goes on to the origin in place of a client's request: one for hidden states beside the
 * answer, for an ablated answer, or for token ids. On one event loop.
 */
final class RequestChanges {
  private final ExchangeShared shared;
  private final Entry entry;
  private final AskedExchange request;
  private final Optional<Decoration> decoration;
  private Optional<AblatedVariant> variant = Optional.empty();
  private Optional<TokenIdAsk> ids = Optional.empty();

  RequestChanges(
      ExchangeShared shared, Entry entry, AskedExchange request, Optional<Decoration> decoration) {
    this.shared = shared;
    this.entry = entry;
    this.request = request;
    this.decoration = decoration;
  }

  /** Whether the origin was asked for token ids, and how. */
  Optional<TokenIdAsk> ids() {
    return ids;
  }

  /** Whether the answer is the ablated model's. */
  boolean ablates() {
    return variant.isPresent();
  }

  /** Bytes up to which the request is wanted whole; 0: as it comes. */
  int wholeBytes() {
    return decoration.isPresent() || mayAblate() || mayAskIds() ? shared.observedBytes() : 0;
  }

  /** The same: whether a stream might be asked for its token ids. */
  private boolean mayAskIds() {
    Mode most = request.most();
    return shared.screens().asksIds()
        && Stitcher.stitches(entry.route())
        && (most == Mode.RESCUE || most == Mode.ABLATE);
  }

  /** Which model it is asked of is not known yet. */
  private boolean mayAblate() {
    return shared.ablated() != AblatedVariants.NONE && request.most() == Mode.ABLATE;
  }

  /**
   * What goes on, if anything does.
   *
   * @param path it goes to
   */
  Optional<Watch.Changed> change(String path) {
    Optional<AblatedRequest> ablated = ablated();
    byte[] body = ablated.map(AblatedRequest::body).orElseGet(request::bytes);
    Optional<Watch.Changed> decorated =
        decoration.flatMap(d -> d.request(entry.origin(), path, entry.id(), body));
    Map<String, String> headers = ablated.map(AblatedRequest::headers).orElse(Map.of());
    return decorated
        .map(d -> d.with(headers))
        .or(() -> ablated.map(a -> new Watch.Changed(Buffer.buffer(a.body()), headers)))
        .or(this::askingIds);
  }

  private Optional<Watch.Changed> askingIds() {
    if (request.mode() == Mode.RESCUE
        && decoration.isEmpty()
        && !request.body().coded()
        && !request.overflown()) {
      ids =
          TokenIdAsk.of(
              shared.screens(), entry, request.model(), request.bytes(), shared.observedBytes());
    }
    return ids.map(TokenIdAsk::request);
  }

  /** The request for an ablated answer, where one is asked for and the origin is known to give. */
  private Optional<AblatedRequest> ablated() {
    if (request.mode() != Mode.ABLATE) {
      return Optional.empty();
    }
    Optional<AblatedVariant> usable = shared.ablated().of(entry.origin(), request.model());
    Optional<AblatedRequest> other =
        usable.flatMap(v -> AblatedRequest.of(v, entry.route(), request.bytes()));
    variant = other.flatMap(given -> usable);
    return other;
  }

  /**
   * An agent behind says itself what it did; a server that says no may have forgotten the adapter.
   */
  void answered(HttpClientResponse head) {
    if (variant.isEmpty()) {
      return;
    }
    String done = head.getHeader(Annotation.ACTION);
    if (variant.get() instanceof AblatedVariant.Header
        && done != null
        && !done.equals(Action.ABLATED.wireName())) {
      variant = Optional.empty();
    }
    if (head.statusCode() == 400 || head.statusCode() == 404) {
      shared.variantMissing().accept(entry.origin());
    }
  }
}
