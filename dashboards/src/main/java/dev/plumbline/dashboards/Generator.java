package dev.plumbline.dashboards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes all dashboards into a folder: {@code dashboards/dashboards}. */
public final class Generator {
  private Generator() {}

  /** Every dashboard there is. */
  public static List<Dashboard> all() {
    return List.of(
        FleetDashboard.create(),
        ModelDashboard.create(),
        CostDashboard.create(),
        DirectionDashboard.create());
  }

  /** The files by name, without a folder. */
  public static Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    all().forEach(each -> files.put(each.uid() + ".json", GrafanaJson.of(each)));
    return files;
  }

  /**
   * Writes them.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    for (Map.Entry<String, String> file : files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
