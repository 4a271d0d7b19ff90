package dev.plumbline.agent.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.config.KeptTokens;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.agent.scoring.TokensOf;
import dev.plumbline.agent.tap.TokenScores;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /api/tokens}: what is kept of single tokens, and the beginnings of the last texts
 * where texts are; {@code GET /api/tokens/ID}: one answer's tokens. A number that is not known is
 * null.
 */
public final class TokenRoutes {
  /** Exchanges whose texts begin on the list. */
  private static final int LISTED = 50;

  /** UTF-16 units of a text there. */
  private static final int EXCERPT = 240;

  private final Ledger ledger;
  private final KeptTokens kept;

  public TokenRoutes(Ledger ledger, KeptTokens kept) {
    this.ledger = ledger;
    this.kept = kept;
  }

  void addTo(Router router) {
    router.get("/api/tokens").handler(this::all);
    router.get("/api/tokens/:id").handler(this::one);
  }

  private void all(RoutingContext context) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("exchanges", kept.exchanges()).put("each", kept.each());
    root.put("text", kept.text()).put("layers", kept.layers());
    ArrayNode latest = root.putArray("latest");
    if (kept.on() && kept.text()) {
      ledger.latestTokens(LISTED).forEach(of -> latest.add(excerpt(of)));
    }
    reply(context, 200, root);
  }

  private static ObjectNode excerpt(TokensOf of) {
    StringBuilder answer = new StringBuilder();
    for (TokenScores.Token token : of.tokens().tokens()) {
      answer.append(token.text());
      if (answer.length() >= EXCERPT) {
        break;
      }
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", of.id())
        .put("asked", cut(of.tokens().asked().orElse("")))
        .put("answer", cut(answer.toString()));
  }

  private static String cut(String text) {
    return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
  }

  private void one(RoutingContext context) {
    ledger
        .tokens(context.pathParam("id"))
        .ifPresentOrElse(
            of -> reply(context, 200, whole(of)),
            () ->
                reply(context, 404, JsonNodeFactory.instance.objectNode().put("error", whyNot())));
  }

  private String whyNot() {
    return kept.on()
        ? "no tokens of this exchange: not read token by token here, or older than the last "
            + kept.exchanges()
            + " (tokens.kept)"
        : "no tokens are kept: tokens.kept is 0";
  }

  private static ObjectNode whole(TokensOf of) {
    TokenScores scores = of.tokens();
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("id", of.id());
    root.put("text", scores.text()).put("asked", scores.asked().orElse(null));
    root.put("left_out", scores.leftOut());
    root.put("mean", scores.mean()).put("spread", scores.spread());
    ArrayNode tokens = root.putArray("tokens");
    for (TokenScores.Token token : scores.tokens()) {
      ObjectNode each = tokens.addObject();
      number(each, "readout", token.readout());
      number(each, "score", token.score());
      if (scores.text()) {
        each.put("text", token.text());
      }
    }
    ArrayNode layers = root.putArray("layers");
    scores.layers().forEach(l -> number(layers.addObject().put("point", l.point()), "z", l.z()));
    return root;
  }

  private static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  private static void reply(RoutingContext context, int status, ObjectNode body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body.toString());
  }
}
