package dev.plumbline.agent.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.mitigations.trigger.RouteTrigger;
import dev.plumbline.mitigations.trigger.TriggerState;
import java.time.Instant;
import java.util.Map;

/** The parts of {@code GET /api/fleet}. */
final class StatusJson {
  private StatusJson() {}

  static void members(
      ObjectNode node,
      Fleet.View view,
      MemberState own,
      Map<String, Roster.Known> others,
      Instant now) {
    node.put("self", view.self());
    ArrayNode members = node.putArray("members");
    member(members.addObject().put("id", view.self()).put("self", true), own);
    others.forEach(
        (id, known) -> {
          if (known.present() && !id.equals(view.self())) {
            ObjectNode each = members.addObject().put("id", id).put("self", false);
            member(each, known.state());
            each.put("age_s", known.age(now).toMillis() / 1000.0).put("fresh", known.fresh(now));
          }
        });
    for (String id : view.members()) {
      if (!id.equals(view.self()) && !others.containsKey(id)) {
        members.addObject().put("id", id).put("self", false).put("silent", true);
      }
    }
  }

  private static void member(ObjectNode node, MemberState state) {
    node.put("process", state.process())
        .put("build", state.build())
        .put("switch", state.off() ? "off" : "on")
        .put("direction", state.artefact().name())
        .put("artefact", state.artefact().digest())
        .put("artefact_state", state.artefact().state())
        .put("fresh", true);
    ObjectNode adapters = node.putObject("adapters");
    state.adapters().forEach(adapters::put);
  }

  static void commands(ObjectNode node, CommandBook book) {
    ObjectNode commands = node.putObject("commands");
    book.held()
        .forEach(
            (slot, held) ->
                commands
                    .putObject(slot)
                    .put("verb", held.command().verb().wireName())
                    .put("target", held.command().target())
                    .put("digest", held.command().digest())
                    .put("sequence", held.command().sequence())
                    .put("issued", held.command().issued().toString())
                    .put("key", held.keyId()));
    ObjectNode highest = node.putObject("sequences");
    book.highest().forEach(highest::put);
  }

  static void done(ObjectNode node, String slot, String word) {
    if (node.path("commands").path(slot) instanceof ObjectNode command) {
      command.put("result", word);
    }
  }

  static void artefact(ObjectNode node, Artefacts.View view) {
    ObjectNode artefact = node.putObject("artefact");
    artefact
        .put("state", view.state().wireName())
        .put("digest", view.digest())
        .put("wanted", view.wanted().map(FleetCommand::digest).orElse(""))
        .put("why", view.why());
    ArrayNode published = artefact.putArray("published");
    view.published()
        .forEach(
            each ->
                published
                    .addObject()
                    .put("name", each.target())
                    .put("digest", each.digest())
                    .put("size", each.size())
                    .put("sequence", each.sequence()));
  }

  static void routes(
      ObjectNode node, Map<String, RouteTrigger.View> own, Map<String, TriggerState> fleet) {
    ObjectNode routes = node.putObject("routes");
    own.forEach(
        (route, found) ->
            routes.withObject(pointer(route)).put("own", found.status().state().wireName()));
    fleet.forEach(
        (route, state) -> routes.withObject(pointer(route)).put("fleet", state.wireName()));
  }

  /** Model names hold slashes. */
  private static String pointer(String route) {
    return "/" + route.replace("~", "~0").replace("/", "~1");
  }
}
