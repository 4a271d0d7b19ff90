package dev.plumbline.agent.admin;

import dev.plumbline.agent.embedded.OpenedArtefact;
import dev.plumbline.agent.enforce.KillSwitch;
import dev.plumbline.agent.origin.ServedModel;
import dev.plumbline.agent.tap.DeviceUse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code POST /api/off}, {@code POST /api/on}, and {@code GET /api/state}. */
final class SwitchRoutes {
  private final Optional<KillSwitch> killSwitch;
  private final Supplier<DeviceUse> device;
  private final Supplier<List<ServedModel>> models;
  private final Supplier<List<OpenedArtefact>> artefacts;

  /**
   * @param killSwitch absent where the agent serves its model itself, and being off would mean not
   *     to serve
   * @param device what computes
   * @param models those served here, none in front of an origin
   * @param artefacts those opened
   */
  SwitchRoutes(
      Optional<KillSwitch> killSwitch,
      Supplier<DeviceUse> device,
      Supplier<List<ServedModel>> models,
      Supplier<List<OpenedArtefact>> artefacts) {
    this.killSwitch = killSwitch;
    this.device = device;
    this.models = models;
    this.artefacts = artefacts;
  }

  void addTo(Router router) {
    router.post("/api/off").handler(context -> turn(context, true));
    router.post("/api/on").handler(context -> turn(context, false));
    router.get("/api/state").handler(context -> json(context, 200, state()));
  }

  private void turn(RoutingContext context, boolean off) {
    if (killSwitch.isEmpty()) {
      String why =
          "wanted an agent in front of an origin (origin.url), found one that serves its model "
              + "itself; stop it instead";
      json(context, 409, new JsonObject().put("error", why));
    } else {
      killSwitch.get().turn(off);
      json(context, 200, state());
    }
  }

  private JsonObject state() {
    JsonObject state = new JsonObject().put("switch", killSwitch.isPresent() ? "" : "absent");
    killSwitch
        .map(KillSwitch::state)
        .ifPresent(now -> state.put("switch", now.wireName()).put("since", now.since().toString()));
    return state
        .put("device", device(device.get()))
        .put("ablation", ablation())
        .put("artefacts", artefacts());
  }

  private JsonArray artefacts() {
    JsonArray all = new JsonArray();
    for (OpenedArtefact each : artefacts.get()) {
      all.add(
          new JsonObject()
              .put("folder", each.folder())
              .put("signature", each.signature())
              .put("key", each.key().orElse(null))
              .put("digest", each.digest()));
    }
    return all;
  }

  /** What mode ablate does, by the model's name; not applied is said, not left out. */
  private JsonObject ablation() {
    JsonObject all = new JsonObject();
    models
        .get()
        .forEach(
            model ->
                all.put(
                    model.name(),
                    model.ablation().orElse(model.ablates() ? "as built in" : "not possible")));
    return all;
  }

  private static JsonObject device(DeviceUse use) {
    JsonObject json =
        new JsonObject()
            .put("kind", use.kind())
            .put("found", use.found())
            .put("failing", use.failing())
            .put("batch_tokens", use.limitTokens())
            .put("batch_tokens_bound", use.boundTokens());
    use.memory()
        .ifPresent(
            memory ->
                json.put("memory_used_bytes", memory.used())
                    .put("memory_total_bytes", memory.total()));
    use.utilisation().ifPresent(found -> json.put("utilisation", found.share()));
    return json;
  }

  private static void json(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body.encode());
  }
}
