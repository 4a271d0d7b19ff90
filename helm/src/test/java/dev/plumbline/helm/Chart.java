package dev.plumbline.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart as the build made it, rendered by Helm 3. */
final class Chart {
  private static final Path DASHBOARDS = Path.of("..", "dashboards");

  /** The sources. */
  static final Path SOURCE = Path.of("plumbline");

  /** With rules and dashboards in it. */
  static final Path BUILT = built();

  /** What marks a hook; the library leaves hooks out of what it renders. */
  static final String HOOK = "helm.sh/hook:";

  static final String SHOWN_HOOK = "plumbline.dev/hook:";

  /** The same, its hooks as plain objects. */
  private static final Path SHOWN = shown();

  /** Any that has native sidecars. */
  static final String KUBERNETES = "1.36.0";

  private Chart() {}

  /** Every example, by name. */
  static List<Path> examples() {
    try (Stream<Path> files = Files.list(BUILT.resolve("ci"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Manifests example(String name) {
    return render(BUILT.resolve("ci").resolve(name + "-values.yaml"));
  }

  static Manifests render(Path values) {
    return Manifests.parse(command().withValuesFile(values).call());
  }

  /** With values as {@code --set-json} would take them. */
  static Manifests render(String yaml) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        return render(Files.writeString(file, yaml));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With values as {@code --set} takes them: numbers with a point are texts. */
  static Manifests set(Map<String, Object> values) {
    TemplateCommand command = command();
    values.forEach(command::set);
    return Manifests.parse(command.call());
  }

  static TemplateCommand command() {
    return command(SHOWN);
  }

  static TemplateCommand command(Path chart) {
    return new Helm(chart)
        .template()
        .withName("release")
        .withNamespace("models")
        .withKubeVersion(KUBERNETES);
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static Path shown() {
    try {
      Path shown = Path.of("target", "shown", "plumbline");
      copy(BUILT, shown);
      Path test = shown.resolve("templates/tests/ready.yaml");
      Files.writeString(test, Files.readString(test).replace(HOOK, SHOWN_HOOK));
      return shown;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A source tree without dashboards/ gets a planted rule and dashboard, so that the rest can be
   * seen.
   */
  private static Path built() {
    Path built = Path.of("target", "chart", "plumbline");
    if (Files.isDirectory(DASHBOARDS)) {
      return built;
    }
    try {
      Path planted = Path.of("target", "planted", "plumbline");
      copy(built, planted);
      Files.createDirectories(planted.resolve("files/rules"));
      Files.createDirectories(planted.resolve("files/dashboards"));
      Files.writeString(
          planted.resolve("files/rules/planted.yaml"),
          "groups:\n  - name: planted\n    rules:\n      - record: a:b\n        expr: sum(up)\n");
      Files.writeString(
          planted.resolve("files/dashboards/planted.json"), "{\"title\": \"{{ $labels }}\"}\n");
      return planted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
