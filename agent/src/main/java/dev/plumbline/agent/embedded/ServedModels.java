package dev.plumbline.agent.embedded;

import dev.plumbline.torch.serve.Engine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What an engine in this process serves, and under which names. */
final class ServedModels {
  private ServedModels() {}

  /**
   * Models on an engine, which they own.
   *
   * @param ends tokens that end an answer
   * @param queue requests that may wait to be tokenised
   */
  static TorchTextModels of(
      Engine engine,
      Prompts prompts,
      Map<String, Served> served,
      Collection<Integer> ends,
      int queue) {
    Set<Long> stops = ends.stream().map(Integer::longValue).collect(Collectors.toSet());
    ThreadPoolExecutor tokenising =
        new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), ServedModels::thread);
    return new TorchTextModels(engine, prompts, stops, served, tokenising, prompts.tokenizer());
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-tokenise");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The base and each adapter under their names; each adapter also with a control taken out in the
   * direction's place, as {@code ADAPTER+CONTROL}.
   */
  static Map<String, Served> named(
      Sources sources, DirectionFolders directions, Map<String, Ablating> ablating) {
    Map<String, Served> served = new LinkedHashMap<>();
    Optional<Directions> judging = directions.judging();
    Optional<Ablating> main = Optional.ofNullable(ablating.get(Sources.MAIN));
    List<Optional<String>> wearing = new ArrayList<>(List.of(Optional.empty()));
    sources.adapters().keySet().forEach(name -> wearing.add(Optional.of(name)));
    for (Optional<String> adapter : wearing) {
      String name = adapter.orElse(sources.name());
      served.put(name, new Served(name, adapter, judging, main));
      ablating.forEach(
          (control, plan) -> {
            if (!control.equals(Sources.MAIN) && adapter.isPresent()) {
              String variant = name + "+" + control;
              served.put(variant, new Served(variant, adapter, judging, Optional.of(plan)));
            }
          });
    }
    return served;
  }
}
