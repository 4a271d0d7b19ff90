package dev.plumbline.agent.proxy;

import dev.plumbline.agent.config.Fail;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.trigger.ConversationKeys;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.wire.CallPeek;
import dev.plumbline.agent.wire.dialect.Call;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * What an exchange asks: its request as far as it came, of which model, and the mode that holds for
 * it. On one event loop.
 */
final class AskedExchange {
  /** A longer request is not read for its conversation: this is on an event loop. */
  private static final int MOST_CONVERSATION_BYTES = 256 << 10;

  private final ExchangeShared shared;
  private final Entry entry;
  private final Optional<String> pathModel;
  private final String encoding;
  private final Optional<Mode> asked;
  private final BoundedCopy request;

  /** Null until it is asked for, and with it is the model. */
  private Mode mode;

  private String model = "";

  /** Whether some model is asked and it cannot be seen which. */
  private boolean unknown;

  private Optional<byte[]> decoded;

  /**
   * @param pathModel the model, where the path names it rather than the body
   * @param encoding of the request
   * @param asked the client's word
   */
  AskedExchange(
      ExchangeShared shared,
      Entry entry,
      Optional<String> pathModel,
      String encoding,
      Optional<Mode> asked) {
    this.shared = shared;
    this.entry = entry;
    this.pathModel = pathModel;
    this.encoding = encoding;
    this.asked = asked;
    this.request = new BoundedCopy(shared.observedBytes());
  }

  /** A piece of the request has come. */
  void add(Buffer chunk) {
    request.add(chunk);
  }

  /** Whether there was more of it than is looked at. */
  boolean overflown() {
    return request.overflown();
  }

  /** The request as it came. */
  byte[] bytes() {
    return request.bytes();
  }

  /** The client's word; counts only where clients may raise the mode. */
  Optional<Mode> word() {
    return asked;
  }

  /** The strictest mode there may be for it, whichever model it asks. */
  Mode most() {
    return shared.modes().resolveUnnamed(asked);
  }

  /** Empty for none, or before {@link #mode} was asked for. */
  String model() {
    return model;
  }

  /** Only what is merely observed may go unscored by choice. */
  boolean sampledOut() {
    return mode() == Mode.OBSERVE
        && !shared.triggers().watchful(model)
        && !(unknown
            ? shared.sampler().takesUnnamed(entry.id())
            : shared.sampler().takes(entry.id(), model));
  }

  RequestBody body() {
    return new RequestBody(request.bytes(), encoding);
  }

  /** The request without its coding, where that is little work; done once. */
  Optional<byte[]> small() {
    RequestBody body = body();
    if (!body.coded()) {
      return body.small();
    }
    if (decoded == null) {
      decoded = body.small();
    }
    return decoded;
  }

  /**
   * The mode of the model asked; the strictest there is where nobody can see which that is, or no
   * name or two are given.
   */
  Mode mode() {
    if (model.isEmpty()) {
      Optional<byte[]> seen =
          pathModel.isPresent() || request.overflown() ? Optional.empty() : small();
      model = pathModel.or(() -> seen.flatMap(CallPeek::model)).orElse("");
      unknown = pathModel.isEmpty() && (model.isEmpty() || (byModel() && ambiguous(seen)));
    }
    if (mode == null) {
      mode = raised();
    }
    return mode;
  }

  /** Once: a trigger that turns in between must not change what was begun. */
  private Mode raised() {
    Mode configured =
        unknown ? shared.modes().resolveUnnamed(asked) : shared.modes().resolve(model, asked);
    if (shared.triggers().conversations() && entry.conversation().isEmpty()) {
      entry.conversation(conversation());
    }
    Optional<String> named = unknown ? Optional.empty() : Optional.of(model);
    return shared.triggers().raised(configured, named, entry.conversation());
  }

  private Optional<ConversationKeys> conversation() {
    return request.overflown()
        ? Optional.empty()
        : small()
            .filter(body -> body.length <= MOST_CONVERSATION_BYTES)
            .flatMap(body -> Call.of(entry.route(), body))
            .flatMap(Call::prompt)
            .flatMap(ConversationKeys::of);
  }

  private boolean byModel() {
    return shared.modes().byModel() || !shared.sampler().perModel().isEmpty();
  }

  /** Two names in one body: the origin may take the other one. */
  private static boolean ambiguous(Optional<byte[]> body) {
    return body.map(CallPeek::ambiguous).orElse(true);
  }

  Fail fail() {
    return unknown ? shared.modes().failUnnamed() : shared.modes().fail(model);
  }
}
