package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One model of a series.
 *
 * @param name of its folder or file; names a stage, so {@code [A-Za-z0-9._-]+}
 * @param step of training; 0 for random weights
 * @param path a Hugging Face folder or a GGUF file
 * @param adapter PEFT folder worn on it; empty for the model as it is
 */
public record CheckpointRef(String name, long step, Path path, Optional<Path> adapter) {
  private static final Pattern NAMED =
      Pattern.compile("(?i)(?:step|ckpt|checkpoint|iter|revision)[-_]?(\\d{1,15})");
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,15})(?!.*\\d)");

  public CheckpointRef {
    Check.that(
        name.matches("[A-Za-z0-9._-]{1,100}"),
        "checkpoint " + path,
        "a name of letters, digits, dots, dashes",
        name,
        "rename it");
  }

  /**
   * A series in the order of its steps. Steps come from the names ({@code step-000250}, {@code
   * ckpt_179}); where no name has a number, from the order given.
   *
   * @param paths folders and files, one or more, each a checkpoint
   */
  public static List<CheckpointRef> series(List<Path> paths) {
    Check.that(!paths.isEmpty(), "checkpoints", "1 or more", "none", "name some");
    List<CheckpointRef> series = new ArrayList<>();
    boolean numbered = paths.stream().allMatch(path -> step(path).isPresent());
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      Check.that(
          Files.exists(path), "checkpoint " + path, "a folder or GGUF file", "none", "correct it");
      long step = numbered ? step(path).getAsLong() : i;
      series.add(new CheckpointRef(fileName(path), step, path, Optional.empty()));
    }
    series.sort(Comparator.comparingLong(CheckpointRef::step));
    requireDistinct(series);
    return List.copyOf(series);
  }

  /**
   * A finetune along its training: the base as step 0, then the base with each snapshot's adapter.
   *
   * @param base a Hugging Face folder or a GGUF file
   * @param snapshots adapters by the step they were kept at
   */
  public static List<CheckpointRef> finetune(Path base, Map<Integer, Path> snapshots) {
    Check.that(Files.exists(base), "model " + base, "a folder or GGUF file", "none", "correct it");
    List<CheckpointRef> series = new ArrayList<>();
    series.add(new CheckpointRef("base", 0, base, Optional.empty()));
    snapshots.forEach(
        (step, folder) ->
            series.add(
                new CheckpointRef(
                    String.format(Locale.ROOT, "step-%06d", step),
                    step,
                    base,
                    Optional.of(folder))));
    requireDistinct(series);
    return List.copyOf(series);
  }

  private static void requireDistinct(List<CheckpointRef> series) {
    for (int i = 1; i < series.size(); i++) {
      CheckpointRef before = series.get(i - 1);
      CheckpointRef own = series.get(i);
      Check.that(
          own.step != before.step && !own.name.equals(before.name),
          "checkpoints",
          "distinct steps and names",
          before.path + " and " + own.path,
          "rename one");
    }
  }

  private static String fileName(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  private static OptionalLong step(Path path) {
    Matcher named = NAMED.matcher(fileName(path));
    Matcher number = NUMBER.matcher(fileName(path));
    Matcher found = named.find() ? named : number.find() ? number : null;
    return found == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(found.group(1)));
  }
}
