package dev.plumbline.agent.adapters;

import dev.plumbline.agent.ablation.AblatedVariant;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * An origin that has the ablated variant by itself, and nothing is to be loaded: an agent that
 * ablates in its forward pass, another origin, a server whose calls are not known. That it is there
 * shows when it is measured.
 */
final class PreloadedAdapters implements AdapterServer {
  private final AdapterCalls calls;
  private final Function<WantedAdapter, AblatedVariant> variant;
  private final String model;
  private final boolean any;

  /**
   * @param model whose variant it is, where it is listed; the first that is listed otherwise
   * @param any whether the variant is there for each model, and not for that one alone
   */
  PreloadedAdapters(
      AdapterCalls calls,
      Function<WantedAdapter, AblatedVariant> variant,
      String model,
      boolean any) {
    this.calls = calls;
    this.variant = Objects.requireNonNull(variant, "variant");
    this.model = Objects.requireNonNull(model, "model");
    this.any = any;
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
        .map(served -> ready(wanted, served))
        .otherwise(AdapterCalls::unanswered);
  }

  private Outcome ready(WantedAdapter wanted, Served served) {
    AblatedVariant how = variant.apply(wanted);
    List<String> bases = served.bases();
    if (any || bases.isEmpty()) {
      return new Outcome.Ready(how, served, true);
    }
    List<String> one =
        bases.contains(model) && !model.equals(wanted.name())
            ? List.of(model)
            : bases.stream().filter(name -> !name.equals(wanted.name())).limit(1).toList();
    return new Outcome.Ready(how, new Served(one, served.adapters(), served.owner()), true);
  }

  @Override
  public Future<Outcome> unload(WantedAdapter wanted) {
    return Future.succeededFuture(
        new Outcome.Refused("wanted it unloaded, found nothing that was loaded from here", true));
  }
}
