package dev.plumbline.export.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.export.base.MergedBase;
import dev.plumbline.export.manifest.FileDigests;
import java.nio.file.Path;

/** What a manifest says of the finetune that a base wears. */
final class Finetune {
  private Finetune() {}

  /** For a person; nothing without one. */
  static String text(JsonNode facts) {
    return facts.has("finetune")
        ? " with the finetune " + facts.at("/finetune/name").asText() + " in it"
        : "";
  }

  static void describe(Path peft, MergedBase merged, ObjectNode into) {
    into.putObject("finetune")
        .put("name", Source.name(peft))
        .put("digest", FileDigests.of(peft.resolve("adapter_model.safetensors")))
        .put("rank", merged.adapter().rank());
  }
}
