package dev.plumbline.agent.embedded;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.OffsetScale;
import dev.plumbline.core.artefact.Probe;
import dev.plumbline.core.artefact.TokenMask;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.pooling.Pooling;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.spi.BundledModel;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/** The organism's shipped artefact with another pooling or another readout, written to a folder. */
public final class PooledArtefacts {
  private PooledArtefacts() {}

  static Artefact shipped() {
    return ArtefactFolder.read(organism().resolve("directions").resolve("consensus.direction"));
  }

  static Path organism() {
    return ServiceLoader.load(BundledModel.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(model -> model.name().equals("organism"))
        .findFirst()
        .orElseThrow()
        .folder();
  }

  /** The same probe, pooled otherwise; the scale of a whole answer for all offsets. */
  public static Path pooled(Path parent, Pooling pooling) {
    Artefact old = shipped();
    double[] means = old.probe().scale().means();
    double[] spreads = old.probe().scale().spreads();
    OffsetScale scale =
        new OffsetScale(
            new double[] {means[means.length - 1]}, new double[] {spreads[spreads.length - 1]});
    String name = pooling.wireName().replace('_', '-');
    return write(parent, old, name, new Probe(old.probe().readout(), pooling, scale));
  }

  /** A probe along a random direction at a layer. */
  static Path random(Path parent, int layer, int seed) {
    Artefact old = shipped();
    Readout readout =
        Readout.projection(
            "random", TapPoint.residPost(layer), RandomDirection.unit(old.model().hidden(), seed));
    Probe probe = new Probe(readout, old.probe().pooling(), old.probe().scale());
    return write(parent, old, "random-" + layer + "-" + seed, probe);
  }

  static Path write(Path parent, Artefact old, String name, Probe probe) {
    boolean prompt = probe.pooling() instanceof LastPromptToken;
    Artefact changed =
        new Artefact(
            old.formatVersion(),
            name,
            old.created(),
            old.model(),
            old.validatedFingerprints(),
            old.directions(),
            probe,
            old.calibration(),
            prompt ? TokenMask.LAST_PROMPT_TOKEN : TokenMask.ANSWER_CONTENT,
            old.sign(),
            old.provenance(),
            old.quality(),
            Optional.empty());
    Path folder = ArtefactFolder.named(parent, changed);
    ArtefactFolder.write(changed, folder);
    return folder;
  }
}
