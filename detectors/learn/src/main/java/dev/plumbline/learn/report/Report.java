package dev.plumbline.learn.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a job found. Collections are copied.
 *
 * @param title heading
 * @param verdict one plain paragraph: what was asked, what was found
 * @param caveats what must be known before it is believed
 * @param provenance where it comes from, in order: model, data, seed, commit
 * @param sections in order
 * @param alerts alarms that were raised; a job that has any ends with {@code Exit.MISSED}
 */
public record Report(
    String title,
    String verdict,
    List<String> caveats,
    Map<String, String> provenance,
    List<Section> sections,
    List<Alert> alerts) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public Report {
    Check.text(title, "title of a report");
    Check.text(verdict, "verdict of a report");
    caveats = List.copyOf(caveats);
    provenance = new LinkedHashMap<>(provenance);
    sections = List.copyOf(sections);
    alerts = List.copyOf(alerts);
    Set<String> names = new HashSet<>();
    sections.stream()
        .flatMap(section -> section.plots().stream())
        .forEach(
            plot ->
                Check.that(
                    names.add(plot.name()), "plots", "names once each", plot.name(), "rename it"));
  }

  /** A report without alarms. */
  public Report(
      String title,
      String verdict,
      List<String> caveats,
      Map<String, String> provenance,
      List<Section> sections) {
    this(title, verdict, caveats, provenance, sections, List.of());
  }

  /** The same with more sections at the end. */
  public Report with(List<Section> more) {
    List<Section> all = new ArrayList<>(sections);
    all.addAll(more);
    return new Report(title, verdict, caveats, provenance, all, alerts);
  }

  /** For a terminal: verdict, caveats and tables. */
  public String text() {
    StringBuilder text = new StringBuilder(title + "\n\n" + verdict + "\n\n");
    caveats.forEach(caveat -> text.append("! ").append(caveat).append('\n'));
    return text.append(caveats.isEmpty() ? "" : "\n")
        .append(sections.stream().map(Section::text).collect(Collectors.joining("\n")))
        .toString()
        .stripTrailing();
  }

  /** Everything, the plots with their data. */
  public ObjectNode json() {
    ObjectNode node = MAPPER.createObjectNode().put("title", title).put("verdict", verdict);
    ArrayNode alarms = node.putArray("alarms");
    alerts.forEach(alert -> alarms.add(MAPPER.<ObjectNode>valueToTree(alert)));
    caveats.forEach(node.putArray("caveats")::add);
    ObjectNode from = node.putObject("provenance");
    provenance.forEach(from::put);
    sections.stream().map(Section::json).forEach(node.putArray("sections")::add);
    return node;
  }
}
