package dev.plumbline.agent.adapters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.config.Ablated;
import dev.plumbline.agent.config.AblatedVia;
import dev.plumbline.agent.config.AdapterHost;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.origins.OriginServer;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The ablated variants of all origins. Thread-safe; the lives themselves are on one event loop. */
public final class OriginAdapters implements AblatedVariants {
  private static final String PLAIN = "default";

  /**
   * What there is to work with.
   *
   * @param reader empty while it loads, or for good
   * @param states of the origins' own, as far as they are found
   * @param off whether the agent is switched off
   * @param feed is told of changes and measurements, as JSON; does not wait
   */
  public record Means(
      Vertx vertx,
      Asker asker,
      Meters meters,
      Clock clock,
      Supplier<Optional<Tap>> reader,
      Supplier<Optional<StatesByOrigin>> states,
      BooleanSupplier off,
      Consumer<String> feed) {}

  private final Means means;
  private final Ablated settings;
  private final OriginTable table;
  private final Map<String, Lifecycle> lives = new LinkedHashMap<>();
  private final Context loop;

  /**
   * @param settings whose way is not off
   * @throws IllegalArgumentException for prompts that cannot be used
   */
  public OriginAdapters(Means means, Ablated settings, OriginTable table) {
    this.means = means;
    this.settings = settings;
    this.table = table;
    this.loop = means.vertx().getOrCreateContext();
    List<String> prompts = VerifyPrompts.of(settings.verify().prompts());
    for (OriginServer server : table.all()) {
      if (!settings.origin().equals(Optional.of(server.name()))) {
        lives.put(server.name(), life(server, prompts));
      }
    }
  }

  private Lifecycle life(OriginServer server, List<String> prompts) {
    PromptVerifier verifier =
        new PromptVerifier(
            server.name(),
            name -> table.get(name).settings().url(),
            new ProbeAnswers(means.vertx(), means.asker(), settings.verify().patience()),
            new PromptVerifier.Taps(means.reader(), means.states()),
            prompts,
            settings.verify());
    return new Lifecycle(
        new Lifecycle.Means(
            server.name(),
            adapters(server),
            settings.model(),
            settings.path(),
            plain(server),
            verifier,
            server.health()::healthy,
            means.off(),
            settings.checkEvery(),
            settings.verify().every(),
            this::after,
            System::nanoTime,
            means.clock(),
            means.meters(),
            known -> means.feed().accept(LifeJson.event(server.name(), known))));
  }

  /** The model of a server's configuration, whatever else it lists. */
  private static String plain(OriginServer server) {
    return server.models().stream().filter(m -> !m.endsWith("*")).findFirst().orElse(PLAIN);
  }

  /** Nothing is begun any more once there is nobody to ask. */
  private Runnable after(java.time.Duration wait, Runnable work) {
    long timer =
        means
            .vertx()
            .setTimer(
                Math.max(1, wait.toMillis()),
                fired -> {
                  if (!means.asker().closed()) {
                    work.run();
                  }
                });
    return () -> means.vertx().cancelTimer(timer);
  }

  private AdapterServer adapters(OriginServer server) {
    AdapterCalls calls =
        new AdapterCalls(means.asker(), server.settings().url(), settings.verify().patience());
    if (settings.via() == AblatedVia.LORA) {
      return new LlamaAdapters(
          means.vertx(), calls, settings.loraId(), 1, new SameFile(settings.adapter()));
    }
    return settings
        .host()
        .map(host -> host(host, calls))
        .orElseGet(() -> preloaded(calls, plain(server)));
  }

  private static AdapterServer host(AdapterHost host, AdapterCalls calls) {
    return switch (host) {
      case VLLM -> new VllmAdapters(calls);
      case SGLANG -> new SglangAdapters(calls);
      case LORAX -> new LoraxAdapters(calls);
      case LLAMA_CPP -> throw new IllegalArgumentException("llama.cpp is asked by lora");
    };
  }

  private AdapterServer preloaded(AdapterCalls calls, String model) {
    return switch (settings.via()) {
      case HEADER ->
          new PreloadedAdapters(calls, wanted -> new AblatedVariant.Header(), model, true);
      case ORIGIN ->
          new PreloadedAdapters(
              calls,
              wanted ->
                  new AblatedVariant.Elsewhere(settings.origin().orElseThrow(), wanted.name()),
              model,
              false);
      case MODEL, LORA, OFF ->
          new PreloadedAdapters(
              calls, wanted -> new AblatedVariant.Model(wanted.name()), model, false);
    };
  }

  /** Begins, and begins anew for an origin that comes back. */
  public void begin() {
    lives.forEach(
        (name, life) -> {
          table.get(name).whenHealthy(() -> loop.runOnContext(v -> life.cameBack()));
          loop.runOnContext(v -> life.look());
        });
  }

  @Override
  public Optional<AblatedVariant> of(String origin, String model) {
    return Optional.ofNullable(lives.get(origin)).flatMap(life -> life.variant(model));
  }

  @Override
  public boolean givesIds(String origin) {
    return Optional.ofNullable(lives.get(origin))
        .filter(l -> l.known().served().givesIds())
        .isPresent();
  }

  @Override
  public boolean givesIds() {
    return lives.keySet().stream().anyMatch(this::givesIds);
  }

  /** Measures an origin's variant anew; false for one that has none. Any thread. */
  public boolean verify(String origin) {
    return with(origin, Lifecycle::verify);
  }

  /** Has an origin load its adapter anew; false for one that has none. Any thread. */
  public boolean reload(String origin) {
    return with(origin, Lifecycle::reload);
  }

  /** An origin answered as one that has not got the variant does: has a look. Any thread. */
  public void missed(String origin) {
    with(origin, Lifecycle::look);
  }

  private boolean with(String origin, Consumer<Lifecycle> work) {
    Lifecycle life = lives.get(origin);
    if (life != null) {
      loop.runOnContext(v -> work.accept(life));
    }
    return life != null;
  }

  /** What is known of each origin's variant. Any thread. */
  public ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("via", settings.via().toString());
    ObjectNode origins = root.putObject("origins");
    lives.forEach((name, life) -> origins.set(name, LifeJson.of(life.known())));
    return root;
  }
}
