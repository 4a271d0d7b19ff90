package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.origins.Asker;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/**
 * SGLang: {@code POST /load_lora_adapter {"lora_name","lora_path"}} and {@code
 * /unload_lora_adapter}, answered with {@code {"success","error_message","loaded_adapters"}}, 400
 * for a failure. Its list of models has had adapters in it only lately, so that "already there" is
 * what loading says, too. Asked for by {@code "model":"BASE:ADAPTER"}.
 */
final class SglangAdapters implements AdapterServer {
  private static final String ENABLE =
      "start SGLang with --enable-lora, --max-lora-rank and --lora-target-modules (all), and --lora"
          + "-paths or this agent's loading";

  private final AdapterCalls calls;

  SglangAdapters(AdapterCalls calls) {
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
    if (served.bases().isEmpty()) {
      return Future.succeededFuture(
          new Outcome.Refused("wanted a model to put the adapter on, found none listed", false));
    }
    Optional<ServedAdapter> there =
        served.adapters().stream().filter(a -> a.name().equals(wanted.name())).findFirst();
    if (there.isPresent()) {
      return Future.succeededFuture(same(wanted, there.get().path(), served));
    }
    if (wanted.path().isEmpty()) {
      return Future.succeededFuture(
          new Outcome.Refused(
              "wanted the adapter " + wanted.name() + ", found it not listed; " + ENABLE, false));
    }
    return calls
        .post(
            "/load_lora_adapter",
            new JsonObject().put("lora_name", wanted.name()).put("lora_path", wanted.path()))
        .map(said -> loaded(wanted, served, said));
  }

  private static Outcome loaded(WantedAdapter wanted, Served served, Asker.Said said) {
    JsonNode json = AdapterCalls.json(said);
    if (said.good() && json.path("success").asBoolean(false)) {
      return ready(wanted, served, false);
    }
    String words = AdapterCalls.words(said).toLowerCase(Locale.ROOT);
    if (words.contains("already")) {
      return same(wanted, path(json.path("loaded_adapters").path(wanted.name())), served);
    }
    boolean absent = said.status() == 404 || words.contains("enable-lora");
    return absent
        ? new Outcome.Refused(
            "wanted a route to load adapters, found %d: %s; %s"
                .formatted(said.status(), AdapterCalls.words(said), ENABLE),
            true)
        : AdapterCalls.refused(
            "the adapter " + wanted.name(),
            said,
            "set ablated.served-adapter to the folder as the server sees it; its modules must be"
                + " among --lora-target-modules, its rank at most --max-lora-rank");
  }

  /** A text in older versions, an object in newer ones. */
  private static String path(JsonNode loaded) {
    return loaded.isTextual() ? loaded.textValue() : loaded.path("lora_path").asText("");
  }

  private static Outcome same(WantedAdapter wanted, String path, Served served) {
    boolean same = wanted.path().isEmpty() || path.isEmpty() || path.equals(wanted.path());
    return same
        ? ready(wanted, served, true)
        : new Outcome.Refused(
            "wanted %s from %s, found one of that name from %s; unload it (POST"
                    .formatted(wanted.name(), wanted.path(), AdapterCalls.clean(path))
                + " /api/adapters/ORIGIN/reload does) or choose another ablated.model",
            true);
  }

  private static Outcome ready(WantedAdapter wanted, Served served, boolean already) {
    String asked = served.bases().get(0) + ":" + wanted.name();
    return new Outcome.Ready(new AblatedVariant.Model(asked), served, already);
  }

  @Override
  public Future<Outcome> unload(WantedAdapter wanted) {
    return calls
        .post("/unload_lora_adapter", new JsonObject().put("lora_name", wanted.name()))
        .map(said -> unloaded(wanted, said))
        .otherwise(AdapterCalls::unanswered);
  }

  private static Outcome unloaded(WantedAdapter wanted, Asker.Said said) {
    if (said.good() && AdapterCalls.json(said).path("success").asBoolean(false)) {
      return new Outcome.Gone(false);
    }
    String words = AdapterCalls.words(said).toLowerCase(Locale.ROOT);
    boolean absent =
        words.contains("not loaded")
            || words.contains("does not exist")
            || words.contains("not found") && said.status() == 400;
    return absent
        ? new Outcome.Gone(true)
        : AdapterCalls.refused("no adapter " + wanted.name(), said, ENABLE);
  }
}
