package dev.plumbline.agent.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.tap.ArtefactCard;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code GET /api/artefacts}: the directions in use as they were loaded, with their quality, its
 * controls, and the warnings that come first.
 */
public final class ArtefactRoutes {
  private final Supplier<List<ArtefactCard>> cards;

  /**
   * @param cards of what is loaded; empty before
   */
  public ArtefactRoutes(Supplier<List<ArtefactCard>> cards) {
    this.cards = cards;
  }

  void addTo(Router router) {
    router.get("/api/artefacts").handler(this::all);
  }

  private void all(RoutingContext context) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode all = root.putArray("artefacts");
    for (ArtefactCard card : cards.get()) {
      all.addObject()
          .put("configured", card.name())
          .put("role", card.role())
          .put("digest", card.digest())
          .set("artefact", card.says());
    }
    context.response().putHeader("content-type", "application/json").end(root.toString());
  }
}
