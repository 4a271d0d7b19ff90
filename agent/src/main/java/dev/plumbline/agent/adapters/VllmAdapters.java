package dev.plumbline.agent.adapters;

import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.origins.Asker;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * vLLM: {@code POST /v1/load_lora_adapter {"lora_name","lora_path"}} and {@code
 * /v1/unload_lora_adapter {"lora_name"}}, which exist only with {@code
 * VLLM_ALLOW_RUNTIME_LORA_UPDATING=True}; listed by {@code GET /v1/models}. An adapter given at
 * start ({@code --lora-modules}) is one that is there already. Asked for by {@code model}.
 */
final class VllmAdapters implements AdapterServer {
  private static final String ENABLE =
      "start vLLM with --enable-lora and the environment VLLM_ALLOW_RUNTIME_LORA_UPDATING=True, or"
          + " name the adapter in --lora-modules";
  private static final String SEEN =
      "set ablated.served-adapter to the folder as the server sees it, and --max-lora-rank to at"
          + " least the adapter's rank";

  private final AdapterCalls calls;

  VllmAdapters(AdapterCalls calls) {
    this.calls = calls;
  }

  @Override
  public Future<Served> list() {
    return calls.get(ModelPage.PATH).map(ModelPage::of).otherwise(Served.NOTHING);
  }

  @Override
  public Future<Outcome> load(WantedAdapter wanted) {
    return calls
        .get(ModelPage.PATH)
        .map(ModelPage::of)
        .compose(served -> load(wanted, served))
        .otherwise(AdapterCalls::unanswered);
  }

  private Future<Outcome> load(WantedAdapter wanted, Served served) {
    Optional<ServedAdapter> there =
        served.adapters().stream().filter(a -> a.name().equals(wanted.name())).findFirst();
    if (there.isPresent()) {
      return Future.succeededFuture(there(wanted, there.get(), served));
    }
    if (wanted.path().isEmpty()) {
      return Future.succeededFuture(
          new Outcome.Refused(
              "wanted the adapter " + wanted.name() + ", found it not listed; " + ENABLE, false));
    }
    return calls
        .post(
            "/v1/load_lora_adapter",
            new JsonObject().put("lora_name", wanted.name()).put("lora_path", wanted.path()))
        .map(said -> loaded(wanted, served, said));
  }

  /** Another adapter of that name is somebody's: it is not replaced unasked. */
  private static Outcome there(WantedAdapter wanted, ServedAdapter found, Served served) {
    boolean same = wanted.path().isEmpty() || found.path().equals(wanted.path());
    return same
        ? new Outcome.Ready(new AblatedVariant.Model(wanted.name()), served, true)
        : new Outcome.Refused(
            "wanted %s from %s, found one of that name from %s; unload it (POST"
                    .formatted(wanted.name(), wanted.path(), AdapterCalls.clean(found.path()))
                + " /api/adapters/ORIGIN/reload does) or choose another ablated.model",
            true);
  }

  private static Outcome loaded(WantedAdapter wanted, Served served, Asker.Said said) {
    boolean already =
        said.status() == 400 && AdapterCalls.words(said).contains("already been loaded");
    if (said.good() || already) {
      return new Outcome.Ready(new AblatedVariant.Model(wanted.name()), served, already);
    }
    return noRoute(said)
        .orElseGet(() -> AdapterCalls.refused("the adapter " + wanted.name(), said, SEEN));
  }

  /** FastAPI's answer for a route that is not there, and not vLLM's own for a missing file. */
  private static Optional<Outcome> noRoute(Asker.Said said) {
    boolean absent =
        said.status() == 405
            || (said.status() == 404 && AdapterCalls.json(said).path("detail").isTextual());
    return absent
        ? Optional.of(
            new Outcome.Refused(
                "wanted a route to load adapters, found " + said.status() + "; " + ENABLE, true))
        : Optional.empty();
  }

  @Override
  public Future<Outcome> unload(WantedAdapter wanted) {
    return calls
        .post("/v1/unload_lora_adapter", new JsonObject().put("lora_name", wanted.name()))
        .map(said -> unloaded(wanted, said))
        .otherwise(AdapterCalls::unanswered);
  }

  private static Outcome unloaded(WantedAdapter wanted, Asker.Said said) {
    if (said.good()) {
      return new Outcome.Gone(false);
    }
    return noRoute(said)
        .orElseGet(
            () ->
                said.status() == 404
                    ? new Outcome.Gone(true)
                    : AdapterCalls.refused("no adapter " + wanted.name(), said, "see its log"));
  }
}
