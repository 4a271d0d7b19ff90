package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.ablation.AblatedVariant;

/** What is known of an origin's ablated variant, as the admin port says it. */
final class LifeJson {
  private LifeJson() {}

  static ObjectNode of(Lifecycle.Known known) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("state", known.state().wireName());
    node.put("since", known.since().toString());
    node.put("why", known.why());
    node.put("plain", known.plain());
    known.variant().ifPresent(variant -> variant(node.putObject("variant"), variant));
    ArrayNode adapters = node.putArray("adapters");
    known.served().adapters().forEach(each -> adapter(adapters.addObject(), each));
    known.finding().ifPresent(finding -> finding(node.putObject("measured"), finding));
    known.measuredAt().ifPresent(at -> node.put("measured_at", at.toString()));
    return node;
  }

  /** The same as an event, with the origin's name in it. */
  static String event(String origin, Lifecycle.Known known) {
    return of(known).put("origin", origin).toString();
  }

  private static void variant(ObjectNode node, AblatedVariant variant) {
    if (variant instanceof AblatedVariant.Model other) {
      node.put("model", other.name());
    } else if (variant instanceof AblatedVariant.Lora lora) {
      node.put("lora_id", lora.id()).put("scale", lora.scale());
    } else if (variant instanceof AblatedVariant.Elsewhere other) {
      node.put("origin", other.origin()).put("model", other.model());
    } else {
      node.put("header", "plumbline-mode: ablate");
    }
  }

  private static void adapter(ObjectNode node, ServedAdapter each) {
    node.put("name", each.name()).put("path", each.path());
    each.id().ifPresent(id -> node.put("id", id));
    each.scale().ifPresent(scale -> node.put("scale", scale));
  }

  private static void finding(ObjectNode node, Finding finding) {
    node.put("outcome", finding.result().wireName());
    finding
        .measured()
        .ifPresent(
            found ->
                node.put("by", found.by())
                    .put("plain", found.plain())
                    .put("ablated", found.ablated())
                    .put("plain_again", found.again())
                    .put("prompts", found.prompts()));
  }
}
