package dev.plumbline.agent.embedded;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.config.EngineSettings;
import dev.plumbline.agent.tap.ArtefactCard;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.TrustedArtefacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the artefacts of a configuration say of themselves, as they were loaded. */
final class ArtefactDetails {
  private ArtefactDetails() {}

  static List<ArtefactCard> of(EngineSettings engine, Signatures signatures) {
    List<ArtefactCard> cards = new ArrayList<>();
    own(engine)
        .forEach(
            (name, folder) -> {
              boolean judges = name.equals(Sources.MAIN);
              cards.add(card(name, judges ? "judges" : "control", signatures.open(folder)));
            });
    new TreeMap<>(engine.directions())
        .forEach((name, folder) -> cards.add(card(name, "beside", signatures.open(folder))));
    return List.copyOf(cards);
  }

  private static Map<String, Path> own(EngineSettings engine) {
    if (engine.loadsModel()) {
      return Sources.of(engine).directions();
    }
    return engine.direction().map(folder -> Map.of(Sources.MAIN, folder)).orElse(Map.of());
  }

  private static ArtefactCard card(String name, String role, TrustedArtefacts.Opened opened) {
    Artefact artefact = opened.artefact();
    ObjectNode says = ArtefactFolder.json(artefact);
    if (says.get("probe") instanceof ObjectNode probe) {
      probe.remove("scale");
    }
    ArrayNode warnings = says.putArray("warnings");
    artefact.quality().warnings().forEach(warnings::add);
    return new ArtefactCard(name, role, opened.digest(), says);
  }
}
