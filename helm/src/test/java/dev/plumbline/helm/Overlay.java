package dev.plumbline.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Values over values, as Helm lays them. */
final class Overlay {
  private Overlay() {}

  /** JSON, which is YAML. */
  static String of(Path base, Path over) throws IOException {
    JsonNode merged = Manifests.read(Files.readString(base));
    lay(Manifests.read(Files.readString(over)), (ObjectNode) merged);
    return merged.toPrettyString();
  }

  private static void lay(JsonNode over, ObjectNode onto) {
    over.fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isObject() && onto.path(field.getKey()).isObject()) {
                lay(field.getValue(), (ObjectNode) onto.get(field.getKey()));
              } else {
                onto.set(field.getKey(), field.getValue());
              }
            });
  }
}
