package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.scoring.TakenUp;
import dev.plumbline.agent.wire.Continuation;
import dev.plumbline.agent.wire.Route;
import java.util.Optional;

/**
 * How a further stream takes up what has gone out: behind its token ids where the server gave them
 * for all of it, else behind its text, which the server cuts into tokens anew and perhaps otherwise
 * than they were said. Which way and why is counted, and told with the exchange. On one event loop.
 */
final class Seam {
  /**
   * What is asked.
   *
   * @param byIds of the completions behind ids, rather than of the client's route
   */
  record Asked(ObjectNode body, boolean byIds) {}

  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";

  private final ScreenCase exchange;
  private boolean refused;

  Seam(ScreenCase exchange) {
    this.exchange = exchange;
  }

  /** The server takes no ids: from here on by text. */
  void refused() {
    refused = true;
  }

  /** The next request of an answer that stands so far, of this variant. */
  Asked next(Continuation call, ScreenedAnswer answer, AblatedVariant variant) {
    boolean prefills = variant instanceof AblatedVariant.Lora;
    ObjectNode byText = call.body(answer.delivered(), answer.tokens(), prefills);
    if (answer.delivered().isEmpty()) {
      return new Asked(byText, false);
    }
    Optional<int[]> ids = answer.ids();
    Optional<String> obstacle = obstacle(call, variant, answer, ids);
    tell(new TakenUp(obstacle.isEmpty() ? "ids" : "text", obstacle.orElse("offered")));
    if (obstacle.isEmpty()) {
      return new Asked(call.behind(ids.orElseThrow(), answer.tokens()), true);
    }
    if (answer.idsOffered() && !refused && variant.sameServer()) {
      byText.put("return_token_ids", true);
    }
    return new Asked(byText, false);
  }

  /** Why not by ids; empty for nothing. */
  private Optional<String> obstacle(
      Continuation call, AblatedVariant variant, ScreenedAnswer answer, Optional<int[]> ids) {
    if (!call.fitsIds()) {
      return Optional.of("request");
    }
    if (!exchange.idsAsked()) {
      return Optional.of("not_asked");
    }
    if (!variant.sameServer() || !versioned()) {
      return Optional.of("variant");
    }
    if (refused) {
      return Optional.of("refused");
    }
    if (ids.isEmpty()) {
      return Optional.of(answer.idsOffered() ? "not_whole" : "not_offered");
    }
    return Optional.empty();
  }

  /** Whether the server has its completions beside where it was asked. */
  private boolean versioned() {
    return exchange.entry().route() != Route.CHAT_COMPLETIONS || exchange.path().contains(CHAT);
  }

  /** Where a request behind ids goes, from where the client's went. */
  static String completions(String uri) {
    return uri.replace(CHAT, COMPLETIONS);
  }

  private void tell(TakenUp seam) {
    exchange.entry().takenUp(seam);
    exchange
        .screens()
        .meters()
        .count(Meter.RESCUE_SEAMS, exchange.label(), seam.way(), seam.reason());
  }
}
