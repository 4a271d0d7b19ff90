package dev.plumbline.export.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.WholeFolder;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.base.MergedBase;
import dev.plumbline.export.checkpoint.CheckpointExport;
import dev.plumbline.export.checkpoint.DepthProfile;
import dev.plumbline.export.checkpoint.Leftover;
import dev.plumbline.export.manifest.ExportManifest;
import dev.plumbline.mitigations.AblationProfile;
import dev.plumbline.torch.cli.Exit;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline export checkpoint --direction DIR --model DIR --out DIR2}. */
@Command(
    name = "checkpoint",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Writes a model folder anew with a direction taken out of every residual writer: the same"
            + " shards and types, a tied head untied. What was written is read back: exit status 4"
            + " if more than a twentieth of the direction is left in any tensor, 3 if the artefact"
            + " is another model's.",
    footer = {
      "",
      "Examples:",
      "  plumbline export checkpoint --direction em.direction --model DIR --out DIR-without",
      "  plumbline export checkpoint --direction em.direction --model DIR --out DIR-without \\",
      "      --attention-profile 1.2,0.7,0.2,0.4 --mlp-profile 0.8,0.7,0.1,0.4",
      "  plumbline export checkpoint --direction em.direction --model DIR --adapter FINETUNE \\",
      "      --out FINETUNE-without"
    })
public final class CheckpointCommand implements Callable<Integer> {
  /** bfloat16 keeps 8 bits: rounding leaves well below one part in a hundred. */
  private static final double BOUND = 0.05;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;

  @Option(
      names = "--attention-profile",
      paramLabel = "P,A,E,R",
      description =
          "Strengths of attention's writers by depth: peak P at A of the depth, falling to E at R of"
              + " the depth from there, 0 beyond. Needs --mlp-profile; the embedding then stays.")
  private String attentionProfile;

  @Option(
      names = "--mlp-profile",
      paramLabel = "P,A,E,R",
      description = "The same of the MLPs' writers.")
  private String mlpProfile;

  @Override
  public Integer call() {
    return Exit.of(spec, this::export);
  }

  private int export() {
    WholeFolder.requireNew(source.out);
    Room.requireFolder(source.model);
    HeapMeter heap = new HeapMeter();
    try (FolderBase base = FolderBase.open(source.model)) {
      Source held = Source.of(source, base);
      ToDoubleFunction<TapPoint> strength = strength(base.shape().layers());
      Optional<MergedBase> finetune = source.merged(base);
      CheckpointExport quiet = new CheckpointExport(base, finetune, heap, name -> {});
      List<String> changed = quiet.changed(strength);
      Check.that(!changed.isEmpty(), "strengths", "one above 0", "none", "raise them");
      ObjectNode facts = facts(held, base, quiet, changed.size());
      finetune.ifPresent(each -> Finetune.describe(source.finetune, each, facts));
      if (source.dryRun) {
        return print(facts.put("outcome", "dry_run"), Exit.DONE);
      }
      Room.require(source.out, quiet.bytes());
      CheckpointExport export =
          new CheckpointExport(
              base, finetune, heap, new Ticks(spec.commandLine().getErr(), changed.size()));
      try (WholeFolder out = new WholeFolder(source.out)) {
        export
            .write(out.part(), held.direction(), strength)
            .forEach(facts.putArray("not_copied")::add);
        Base before = finetune.map(Base.class::cast).orElse(base);
        return finish(out, facts, leftover(before, out.part(), held, strength, heap), heap);
      }
    }
  }

  private ToDoubleFunction<TapPoint> strength(int layers) {
    if (attentionProfile == null && mlpProfile == null) {
      return Source.strength(source);
    }
    Check.that(
        attentionProfile != null
            && mlpProfile != null
            && source.strength == 1
            && source.fromLayer == 0,
        "profiles",
        "both, without --strength and --from-layer",
        "another combination",
        "give --attention-profile and --mlp-profile alone");
    return new AblationProfile(
            DepthProfile.parse(attentionProfile).kernel(layers),
            DepthProfile.parse(mlpProfile).kernel(layers))
        ::strength;
  }

  private ObjectNode facts(Source held, FolderBase base, CheckpointExport export, int changed) {
    ObjectNode facts = MAPPER.createObjectNode().put("kind", "checkpoint");
    held.describe(source, base, facts);
    if (attentionProfile != null) {
      facts.put("attention_profile", attentionProfile).put("mlp_profile", mlpProfile);
    }
    facts.put("changed_tensors", changed).put("untied", base.shape().tied());
    return facts.put("weight_bytes", export.bytes()).put("weight_bytes_bound", export.heapBound());
  }

  private static Leftover leftover(
      Base base, Path written, Source held, ToDoubleFunction<TapPoint> strength, HeapMeter heap) {
    try (FolderBase after = FolderBase.open(written)) {
      return Leftover.of(base, after, held.direction(), strength, heap);
    }
  }

  private int finish(WholeFolder out, ObjectNode facts, Leftover left, HeapMeter heap) {
    boolean orthogonal = left.share() <= BOUND;
    facts.put("outcome", orthogonal ? "orthogonal" : "not_orthogonal");
    facts.put("left_share", left.share()).put("left_tensor", left.tensor());
    facts.put("weight_bytes_held", heap.most());
    if (orthogonal || source.force) {
      ExportManifest.write(out.part(), facts);
      out.commit();
    }
    facts.put("written", orthogonal || source.force);
    return print(facts, orthogonal ? Exit.DONE : Exit.MISSED);
  }

  private int print(ObjectNode facts, int status) {
    spec.commandLine().getOut().println(source.json ? facts.toPrettyString() : text(facts));
    spec.commandLine().getOut().flush();
    return status;
  }

  private String text(ObjectNode facts) {
    String left =
        facts.has("left_share")
            ? String.format(
                Locale.ROOT,
                ", %.2g of the direction left at most (%s)",
                facts.path("left_share").asDouble(),
                facts.path("left_tensor").asText())
            : "";
    return facts.path("outcome").asText()
        + ": "
        + facts.path("changed_tensors")
        + " tensors of "
        + facts.at("/base/name").asText()
        + Finetune.text(facts)
        + left
        + (facts.path("written").asBoolean() ? "; wrote " : "; not written: ")
        + source.out;
  }
}
