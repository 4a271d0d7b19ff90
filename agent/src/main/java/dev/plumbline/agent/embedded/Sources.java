package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.EngineSettings;
import dev.plumbline.core.spi.BundledModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where what is loaded comes from.
 *
 * @param name the base's name for clients
 * @param model Hugging Face folder or GGUF file
 * @param adapters PEFT folders by served name
 * @param directions artefact folders; {@link #MAIN} scores and ablates, others are controls that
 *     ablate under {@code NAME+CONTROL}
 * @param beside artefact folders by configured name, read beside {@link #MAIN}
 */
record Sources(
    String name,
    Path model,
    Map<String, Path> adapters,
    Map<String, Path> directions,
    Map<String, Path> beside) {
  /** The direction that scores and ablates. */
  static final String MAIN = "main";

  private static final String SUFFIX = ".direction";
  private static final String CONSENSUS = "consensus";

  static Sources of(EngineSettings engine) {
    if (engine.organism()) {
      return bundled(engine);
    }
    Path model = engine.model().orElseThrow();
    String file = model.toAbsolutePath().normalize().getFileName().toString();
    Map<String, Path> directions = new TreeMap<>();
    engine.direction().ifPresent(path -> directions.put(MAIN, path));
    return new Sources(
        file.replaceFirst("\\.gguf$", ""),
        model,
        new TreeMap<>(engine.adapters()),
        directions,
        new TreeMap<>(engine.directions()));
  }

  private static Sources bundled(EngineSettings engine) {
    Path folder =
        ServiceLoader.load(BundledModel.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(model -> model.name().equals("organism"))
            .findFirst()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.NOT_FITTING,
                        "organism: wanted the one that ships in the learn module, found none in this"
                            + " build; use --model",
                        null))
            .folder();
    Map<String, Path> directions = new TreeMap<>();
    folders(folder.resolve("directions"))
        .forEach(
            (name, path) -> {
              String bare = name.substring(0, name.length() - SUFFIX.length());
              directions.put(bare.equals(CONSENSUS) ? MAIN : bare, path);
            });
    engine.direction().ifPresent(path -> directions.put(MAIN, path));
    return new Sources(
        "aligned",
        folder.resolve("chat"),
        folders(folder.resolve("adapters")),
        directions,
        new TreeMap<>(engine.directions()));
  }

  private static Map<String, Path> folders(Path parent) {
    Map<String, Path> found = new TreeMap<>();
    try (Stream<Path> children = Files.list(parent)) {
      children.filter(Files::isDirectory).forEach(p -> found.put(p.getFileName().toString(), p));
    } catch (IOException e) {
      throw new UncheckedIOException(parent + " could not be listed", e);
    }
    return found;
  }
}
