package dev.plumbline.agent.origin;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.AskedAblation;
import dev.plumbline.agent.enforce.ModePolicy;
import dev.plumbline.agent.enforce.trigger.ConversationKeys;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.scoring.Entry;
import dev.plumbline.agent.scoring.ExchangeId;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tracing.Tracing;
import dev.plumbline.agent.wire.CallParser;
import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.GenerationCall;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.agent.wire.WireException;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Takes a generation request in: reads it, decides its mode, starts it. Runs on an event loop. */
public final class GenerationHandler {
  private final Supplier<Optional<TextModels>> models;
  private final Ledger ledger;
  private final Supplier<AgentConfig> settings;
  private final AnswerSettings answers;
  private final Tracing tracing;
  private final Triggers triggers;

  /**
   * @param models empty until they are loaded
   * @param settings in force; an exchange keeps those that it began with
   */
  public GenerationHandler(
      Supplier<Optional<TextModels>> models,
      Ledger ledger,
      Supplier<AgentConfig> settings,
      AnswerSettings answers,
      Tracing tracing,
      Triggers triggers) {
    this.models = models;
    this.ledger = ledger;
    this.settings = settings;
    this.answers = answers;
    this.tracing = tracing;
    this.triggers = triggers;
  }

  void handle(HttpServerRequest request, Route route) {
    String id = ExchangeId.of(request.getHeader(ExchangeId.HEADER));
    Entry entry = ledger.open(id, route, true);
    entry.traced(tracing.begin(id, route, request));
    request.response().putHeader(ExchangeId.HEADER, id);
    AgentConfig now = settings.get();
    ModePolicy modes = new ModePolicy(now.modes());
    BodyReader.read(request, now.limits().requestBytes())
        .onSuccess(body -> begin(request, entry, modes, body))
        .onFailure(failure -> unread(request, entry, failure));
  }

  private void begin(HttpServerRequest request, Entry entry, ModePolicy modes, Buffer body) {
    try {
      GenerationCall call = CallParser.parse(entry.route(), body.getBytes());
      Optional<Mode> asked = ModePolicy.asked(request.getHeader(ModePolicy.HEADER));
      entry.conversation(conversation(request, call));
      Mode own = modes.resolve(call.model(), asked);
      String header = request.getHeader(AskedAblation.HEADER);
      Mode floor = header == null ? own : modes.resolve(call.model(), Optional.empty());
      Mode demanded = triggers.raised(floor, Optional.of(call.model()), entry.conversation());
      Mode wanted = demanded.max(own);
      entry.asked(call.model(), wanted, call.stream());
      Optional<String> ablation =
          AskedAblation.of(
              header, settings.get().engine().ablation(), demanded, modes.clientMayRaise());
      TextModels loaded = models.get().orElseThrow(() -> new WireException(Replies.notReady()));
      ServedModel model = served(loaded, call.model());
      if (own.screens() || ablation.isPresent()) {
        requireAblating(model, ablation.isPresent() ? Mode.ABLATE : own);
      }
      Mode mode = wanted.screens() || ablation.isPresent() ? Mode.ABLATE : wanted;
      entry.asked(call.model(), mode, call.stream());
      start(request, entry, call, mode, ablation, loaded, model);
    } catch (WireException e) {
      refuse(request, entry, e.error());
    }
  }

  private Optional<ConversationKeys> conversation(HttpServerRequest request, GenerationCall call) {
    return triggers.conversations()
        ? Optional.ofNullable(request.getHeader(ConversationKeys.HEADER))
            .map(ConversationKeys::named)
            .or(() -> ConversationKeys.of(call.prompt()))
        : Optional.empty();
  }

  /**
   * What is answered here need not be held until a verdict: the direction is taken out as it
   * answers, which protects more than was asked for. Where a trigger asked for it and nothing can
   * be taken out, the action says so.
   */
  private static void requireAblating(ServedModel model, Mode wanted) {
    if (model.ablates()) {
      return;
    }
    throw new WireException(
        WireError.of(
            ErrorKind.UNSUPPORTED_FIELD,
            ModePolicy.HEADER,
            "Unsupported value for the header '"
                + ModePolicy.HEADER
                + "': '"
                + wanted.wireName()
                + "' is for an agent in front of an origin, and "
                + model.name()
                + " has no direction to take out."));
  }

  private static ServedModel served(TextModels loaded, String name) {
    return loaded.models().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> names = loaded.models().stream().map(ServedModel::name).toList();
              return new WireException(Replies.noSuchModel(name, names));
            });
  }

  private void start(
      HttpServerRequest request,
      Entry entry,
      GenerationCall call,
      Mode mode,
      Optional<String> ablation,
      TextModels loaded,
      ServedModel model) {
    Answer answer = Answer.of(request, entry, call, mode, answers);
    ablation.ifPresent(answer::ablatedBy);
    Context context = Vertx.currentContext();
    boolean ablate = mode == Mode.ABLATE && model.ablates();
    boolean score = model.direction().isPresent();
    answer.started(
        loaded.start(
            new GenerationRequest(
                entry.id(),
                call.model(),
                call.prompt(),
                call.sampling(),
                ablate,
                ablation,
                score,
                call.tokenIds()),
            new LoopSink(context, answer)));
  }

  private static void unread(HttpServerRequest request, Entry entry, Throwable failure) {
    if (failure instanceof WireException e) {
      request.response().putHeader("connection", "close");
      refuse(request, entry, e.error());
    } else {
      entry.answered(0, Outcome.CLIENT_GONE);
      entry.settle(Reading.unscored(UnscoredReason.UNPARSEABLE));
    }
  }

  private static void refuse(HttpServerRequest request, Entry entry, WireError error) {
    if (error.kind() == ErrorKind.NOT_READY) {
      request.response().putHeader("retry-after", "1");
    }
    Replies.error(request.response(), error);
    entry.answered(error.kind().status(), Outcome.REJECTED);
    entry.settle(Reading.unscored(reason(error.kind())));
  }

  private static UnscoredReason reason(ErrorKind kind) {
    return switch (kind) {
      case MODEL_NOT_FOUND -> UnscoredReason.WRONG_MODEL;
      case BODY_TOO_LARGE, CONTEXT_LENGTH -> UnscoredReason.TOO_LONG;
      case NOT_READY -> UnscoredReason.NO_HIDDEN_STATES;
      default -> UnscoredReason.UNPARSEABLE;
    };
  }
}
