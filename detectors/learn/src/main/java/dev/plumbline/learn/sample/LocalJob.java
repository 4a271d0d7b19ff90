package dev.plumbline.learn.sample;

import dev.plumbline.core.Check;
import dev.plumbline.learn.intervene.ChosenIntervention;
import dev.plumbline.learn.intervene.InterventionOptions;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.model.OpenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which models a job of this machine asks, and under which names; found without loading any.
 *
 * @param path folder or GGUF file
 * @param adapters folders by adapter name
 * @param models names of the output, in order, with the adapter each wears
 */
public record LocalJob(
    Path path, Map<String, Path> adapters, Map<String, Optional<String>> models) {
  /** The models that options name. */
  public static LocalJob of(LocalOptions local, OrganismOptions organism) {
    boolean own = organism.given() && local.model().isEmpty();
    if (own) {
      return organism(organism);
    }
    Path path =
        local
            .model()
            .orElseThrow(
                () -> Check.refusal("model", "--model, --organism or --url", "none", "name one"));
    Map<String, Optional<String>> models = new LinkedHashMap<>();
    if (local.bare() || local.adapters().isEmpty()) {
      models.put(local.name(path), Optional.empty());
    }
    local.adapters().keySet().forEach(name -> models.put(name, Optional.of(name)));
    return new LocalJob(path, local.adapters(), models);
  }

  private static LocalJob organism(OrganismOptions organism) {
    OrganismFolder folder = organism.folder();
    Map<String, Path> adapters = new LinkedHashMap<>();
    Map<String, Optional<String>> models = new LinkedHashMap<>();
    for (String name : organism.models()) {
      boolean chat = name.equals("chat");
      models.put(name, chat ? Optional.empty() : Optional.of(name));
      if (!chat) {
        adapters.put(name, folder.adapter(name));
      }
    }
    return new LocalJob(folder.chat(), adapters, models);
  }

  /** The models' names once an intervention is worn. */
  public List<String> names(Optional<ChosenIntervention> intervention) {
    List<String> names = new ArrayList<>();
    models.keySet().forEach(name -> names.add(named(name, intervention)));
    return names;
  }

  private static String named(String name, Optional<ChosenIntervention> intervention) {
    return name + intervention.map(each -> "+" + each.name()).orElse("");
  }

  /** Loads the weights and adapters of an open model; the source uses them until it is closed. */
  LocalSource load(
      OpenModel open,
      LocalOptions local,
      Optional<ChosenIntervention> intervention,
      LocalSource.Drawing drawing) {
    var decoder = open.load(local.precision(), local.device());
    adapters.forEach(open::wear);
    decoder.freeze();
    InterventionPlan plan =
        intervention.map(ChosenIntervention::plan).orElse(InterventionPlan.none());
    Map<String, LocalSource.Model> named = new LinkedHashMap<>();
    models.forEach(
        (name, adapter) ->
            named.put(named(name, intervention), new LocalSource.Model(adapter, plan)));
    return new LocalSource(
        decoder, open.encoder(), open.tokenizer(), open.stopIds(), named, drawing);
  }

  /** The intervention that options name, checked against this model. */
  public Optional<ChosenIntervention> intervention(InterventionOptions options, String revision) {
    if (!options.given()) {
      return Optional.empty();
    }
    try (OpenModel open = new OpenModel(path)) {
      return options.choose(open.pin(revision));
    }
  }
}
