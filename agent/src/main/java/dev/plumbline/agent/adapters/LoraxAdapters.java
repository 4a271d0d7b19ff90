package dev.plumbline.agent.adapters;

import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.origins.Asker;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * LoRAX has no call to load: a request that names an adapter loads it, {@code
 * parameters.adapter_id} and {@code adapter_source} on {@code /generate}, {@code model} on the
 * OpenAI routes, whose source is the server's own {@code --adapter-source}. So to load is to ask
 * for one token with it; it cannot be listed or unloaded, the server does that as it needs room.
 * {@code GET /info} names the base.
 */
final class LoraxAdapters implements AdapterServer {
  private static final String TODO =
      "set ablated.served-adapter to the folder as the server sees it, and start LoRAX with"
          + " --adapter-source local";

  private final AdapterCalls calls;
  private boolean seen;

  LoraxAdapters(AdapterCalls calls) {
    this.calls = calls;
  }

  @Override
  public Future<Served> list() {
    return calls.get("/info").map(LoraxAdapters::served).otherwise(Served.NOTHING);
  }

  private static Served served(Asker.Said said) {
    String base = said.good() ? AdapterCalls.json(said).path("model_id").asText("") : "";
    return base.isEmpty() ? Served.NOTHING : new Served(List.of(base), List.of());
  }

  @Override
  public Future<Outcome> load(WantedAdapter wanted) {
    return list().compose(served -> load(wanted, served)).otherwise(AdapterCalls::unanswered);
  }

  private Future<Outcome> load(WantedAdapter wanted, Served served) {
    JsonObject parameters =
        new JsonObject()
            .put("adapter_id", wanted.path())
            .put("adapter_source", "local")
            .put("max_new_tokens", 1);
    JsonObject body = new JsonObject().put("inputs", "1").put("parameters", parameters);
    return calls.post("/generate", body).map(said -> asked(wanted, served, said));
  }

  private Outcome asked(WantedAdapter wanted, Served served, Asker.Said said) {
    if (!said.good()) {
      seen = false;
      return AdapterCalls.refused("an answer with the adapter " + wanted.path(), said, TODO);
    }
    if (served.bases().isEmpty()) {
      return new Outcome.Refused("wanted the base model at /info, found none; is it LoRAX?", false);
    }
    boolean already = seen;
    seen = true;
    return new Outcome.Ready(new AblatedVariant.Model(wanted.path()), served, already);
  }

  @Override
  public Future<Outcome> unload(WantedAdapter wanted) {
    boolean already = !seen;
    seen = false;
    return Future.succeededFuture(new Outcome.Gone(already));
  }
}
