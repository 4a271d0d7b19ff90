package dev.plumbline.agent.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings from a YAML file; JSON is YAML. Nested objects and dotted keys mean the same. */
final class ConfigFile {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final long MOST_BYTES = 1 << 20;

  private ConfigFile() {}

  static Map<String, Setting> read(Path file, List<Mistake> mistakes) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    try {
      if (Files.size(file) > MOST_BYTES) {
        mistakes.add(
            new Mistake("config", file.toString(), Files.size(file) + " bytes", "at most 1 MiB"));
        return settings;
      }
      JsonNode root = YAML.readTree(Files.readAllBytes(file));
      if (root.isObject()) {
        flatten("", root, file.toString(), settings, mistakes);
      } else if (!root.isMissingNode() && !root.isNull()) {
        mistakes.add(
            new Mistake("config", file.toString(), "a " + root.getNodeType(), "an object"));
      }
    } catch (JsonProcessingException e) {
      mistakes.add(new Mistake("config", file.toString(), e.getOriginalMessage(), "YAML or JSON"));
    } catch (IOException e) {
      mistakes.add(new Mistake("config", file.toString(), e.toString(), "a readable file"));
    }
    return settings;
  }

  private static void flatten(
      String prefix,
      JsonNode node,
      String source,
      Map<String, Setting> into,
      List<Mistake> mistakes) {
    node.fields()
        .forEachRemaining(
            field -> {
              String key = prefix + field.getKey();
              JsonNode value = field.getValue();
              if (value.isObject()) {
                flatten(key + ".", value, source, into, mistakes);
              } else if (!value.isValueNode() || value.isNull()) {
                mistakes.add(new Mistake(key, source, "a " + value.getNodeType(), "one value"));
              } else if (into.putIfAbsent(key, new Setting(value.asText(), source)) != null) {
                mistakes.add(new Mistake(key, source, "the key twice", "the key once"));
              }
            });
  }
}
