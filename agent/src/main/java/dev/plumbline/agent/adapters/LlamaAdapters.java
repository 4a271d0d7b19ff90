package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.origins.Asker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiPredicate;

/**
 * llama.cpp's server: adapters are given at its start and only found here, in {@code GET
 * /lora-adapters} {@code [{"id","path","scale"}]}. Asked for by {@code "lora":[{"id","scale"}]} in
 * a request. The server takes an id it does not have for nothing, with 200, so that the id is
 * looked up by the path again and again: it is the place on the command line and may change with a
 * restart.
 *
 * <p>An adapter whose own scale is not 0 is applied to every request. There is then no plain
 * variant to compare with; and the agent does not set it to 0, which would take a protection away
 * that somebody has put there. {@code --lora-init-without-apply} alone was seen to leave the scale
 * at 1.
 */
final class LlamaAdapters implements AdapterServer {
  private static final String BOOT =
      "llama-server loads adapters at its start only: start it with --lora-scaled FILE:0";
  private static final int MOST = 64;

  private final Vertx vertx;
  private final AdapterCalls calls;
  private final OptionalInt id;
  private final double scale;
  private final BiPredicate<String, WantedAdapter> same;

  /**
   * @param id the number, where it is configured rather than the path
   * @param scale to ask for it with
   * @param same whether a file of the server's, by its path, is the wanted one; may block
   */
  LlamaAdapters(
      Vertx vertx,
      AdapterCalls calls,
      OptionalInt id,
      double scale,
      BiPredicate<String, WantedAdapter> same) {
    this.vertx = vertx;
    this.calls = calls;
    this.id = id;
    this.scale = scale;
    this.same = same;
  }

  @Override
  public Future<Served> list() {
    return calls.get("/lora-adapters").map(LlamaAdapters::served).otherwise(Served.NOTHING);
  }

  private static Served served(Asker.Said said) {
    List<ServedAdapter> adapters = new ArrayList<>();
    if (said.good()) {
      for (JsonNode each : AdapterCalls.json(said)) {
        if (each.path("id").canConvertToInt() && adapters.size() < MOST) {
          adapters.add(
              new ServedAdapter(
                  "",
                  each.path("path").asText(""),
                  OptionalInt.of(each.path("id").intValue()),
                  OptionalDouble.of(each.path("scale").asDouble(Double.NaN))));
        }
      }
    }
    return new Served(List.of(), adapters);
  }

  @Override
  public Future<Outcome> load(WantedAdapter wanted) {
    return calls
        .get("/lora-adapters")
        .compose(said -> vertx.executeBlocking(() -> find(wanted, said), false))
        .otherwise(AdapterCalls::unanswered);
  }

  private Outcome find(WantedAdapter wanted, Asker.Said said) {
    if (!said.good()) {
      return AdapterCalls.refused("a list of adapters", said, BOOT);
    }
    Served served = served(said);
    Optional<ServedAdapter> there =
        served.adapters().stream().filter(a -> is(a, wanted)).findFirst();
    return there
        .map(found -> found(found, served))
        .orElseGet(
            () ->
                new Outcome.Refused(
                    "wanted %s among its adapters, found %s; %s"
                        .formatted(what(wanted), paths(served), BOOT),
                    true));
  }

  private boolean is(ServedAdapter found, WantedAdapter wanted) {
    return id.isPresent() ? found.id().equals(id) : same.test(found.path(), wanted);
  }

  private String what(WantedAdapter wanted) {
    return id.isPresent() ? "id " + id.getAsInt() : wanted.path();
  }

  private static String paths(Served served) {
    return AdapterCalls.clean(served.adapters().stream().map(ServedAdapter::path).toList() + "");
  }

  private Outcome found(ServedAdapter found, Served served) {
    int number = found.id().orElseThrow();
    return found.scale().orElse(Double.NaN) == 0
        ? new Outcome.Ready(new AblatedVariant.Lora(number, scale), served, true)
        : new Outcome.Refused(
            "wanted adapter %d at scale 0 unless a request asks for it, found %s: every answer is"
                    .formatted(number, found.scale().orElse(Double.NaN))
                + " changed, and there is no plain one to compare with; start llama-server with"
                + " --lora-scaled FILE:0, or POST /lora-adapters [{\"id\":%d,\"scale\":0}]"
                    .formatted(number),
            true);
  }

  @Override
  public Future<Outcome> unload(WantedAdapter wanted) {
    return list().compose(served -> vertx.executeBlocking(() -> unload(wanted, served), false));
  }

  private Outcome unload(WantedAdapter wanted, Served served) {
    return served.adapters().stream().noneMatch(a -> is(a, wanted))
        ? new Outcome.Gone(true)
        : new Outcome.Refused(
            "wanted it unloaded, found a server that cannot; restart llama-server without it",
            true);
  }
}
