package dev.plumbline.learn.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** What a job would do, for people and for machines. */
final class DryRun {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private DryRun() {}

  static String text(List<Step> steps, boolean json) {
    if (json) {
      return MAPPER.valueToTree(Map.of("dry_run", steps)).toPrettyString();
    }
    int width = steps.stream().mapToInt(step -> step.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder("Would do, and write nothing now:\n");
    for (Step step : steps) {
      text.append("  ").append(step.name()).append(" ".repeat(width - step.name().length() + 2));
      text.append(step.detail()).append('\n');
    }
    return text.toString().stripTrailing();
  }
}
