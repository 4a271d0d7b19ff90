package dev.plumbline.dashboards;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The types that one version of Grafana publishes, and the TypeScript compiler that holds a
 * dashboard to them: each becomes a constant of the type in {@code
 * src/test/resources/grafana/dashboard.ts}. Needs node and npm.
 *
 * @param version of Grafana
 */
record GrafanaTypes(String version) {
  private static final String COMPILER = "5.9.3";
  private static final Path SOURCES = Path.of("src", "test", "resources", "grafana");
  private static final Path FORMATS =
      Path.of("node_modules", "@grafana", "data", "dist", "esm", "valueFormats");
  private static final Pattern UNIT = Pattern.compile("\\bid: ['\"]([^'\"]+)['\"]");
  private static final Pattern COMPLAINT =
      Pattern.compile("(?m)^(.+)\\.ts\\((\\d+),\\d+\\): (.*(?:\n  .*)*)");
  private static final String TYPED =
      "import type { Dashboard } from './dashboard'; export const it: Dashboard = ";

  /**
   * What is wrong with a dashboard.
   *
   * @param line of its JSON, from 1
   * @param said by the compiler
   */
  record Complaint(int line, String said) {
    static Complaint of(MatchResult match) {
      return new Complaint(Integer.parseInt(match.group(2)), match.group(3));
    }
  }

  /** Skips the test, with the reason, where they are not installed; installs where required. */
  void require() throws IOException, InterruptedException {
    new Npm(Files.createDirectories(folder()))
        .require(
            "@grafana/schema@" + version,
            "@grafana/data@" + version,
            "@grafana/prometheus@" + version,
            "typescript@" + COMPILER);
  }

  private Path folder() {
    return Path.of("target", "grafana-" + version);
  }

  /**
   * Holds dashboards to the types.
   *
   * @param files as JSON, by name
   * @return the complaints by name; nothing for one that is right
   */
  Map<String, List<Complaint>> complaints(Map<String, String> files)
      throws IOException, InterruptedException {
    Path check = Files.createTempDirectory(folder().toAbsolutePath(), "check");
    try {
      write(check, files);
      return compiled(check, files);
    } finally {
      for (Path file : Repository.files(check)) {
        Files.delete(file);
      }
      Files.delete(check);
    }
  }

  private void write(Path check, Map<String, String> files) throws IOException {
    for (String name : List.of("dashboard.ts", "tsconfig.json")) {
      Files.copy(SOURCES.resolve(name), check.resolve(name));
    }
    Files.writeString(check.resolve("units.ts"), units());
    for (Map.Entry<String, String> file : files.entrySet()) {
      // Before the first line, so that a line of the answer is a line of the JSON.
      Files.writeString(check.resolve(file.getKey() + ".ts"), TYPED + file.getValue());
    }
  }

  /** The ids in Grafana's menu of units, as a type. */
  private String units() throws IOException {
    TreeSet<String> units = new TreeSet<>();
    for (Path file : Repository.files(folder().resolve(FORMATS))) {
      if (file.getFileName().toString().matches("categories\\.m?js")) {
        UNIT.matcher(Files.readString(file)).results().forEach(unit -> units.add(unit.group(1)));
      }
    }
    return "export type KnownUnit = '" + String.join("' | '", units) + "';\n";
  }

  private static Map<String, List<Complaint>> compiled(Path check, Map<String, String> files)
      throws IOException, InterruptedException {
    Npm.Result result =
        Npm.run(check, "node", "../node_modules/typescript/bin/tsc", "--pretty", "false");
    Map<String, List<Complaint>> found =
        COMPLAINT
            .matcher(result.said())
            .results()
            .collect(groupingBy(match -> match.group(1), mapping(Complaint::of, toList())));
    // About the types themselves, or a bad end without a word: a check that does not work.
    if (!files.keySet().containsAll(found.keySet()) || found.isEmpty() != (result.status() == 0)) {
      throw new AssertionError("wanted complaints about dashboards only, found: " + result.said());
    }
    return found;
  }
}
