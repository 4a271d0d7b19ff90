package dev.plumbline.export.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.export.WholeFolder;
import dev.plumbline.export.base.FolderBase;
import dev.plumbline.export.base.MergedBase;
import dev.plumbline.export.checkpoint.MergeExport;
import dev.plumbline.export.manifest.ExportManifest;
import dev.plumbline.torch.cli.Exit;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline export merge --model DIR --adapter PEFT --out DIR2}. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Writes a finetune that is a LoRA adapter as a model folder of its own, tensor by tensor:"
            + " the base's shards and types with the adapter in the weights, for servers that serve"
            + " the finetune so; what takes a direction out of it is then exported from that folder."
            + " What was written is read back: exit status 4 if rounding to the stored type took more than half of the"
            + " adapter's change of any tensor.",
    footer = {
      "",
      "Examples:",
      "  plumbline export merge --model DIR --adapter PEFT --out MERGED",
      "  plumbline export adapter --direction em.direction --model MERGED --for vllm --out A"
    })
public final class MergeCommand implements Callable<Integer> {
  private static final double BOUND = 0.5;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The base: a Hugging Face folder.")
  private Path model;

  @Option(
      names = "--adapter",
      required = true,
      paramLabel = "PEFT",
      description = "A folder with adapter_config.json, trained on it.")
  private Path adapter;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR2",
      description = "A new folder, written whole or not at all.")
  private Path out;

  @Option(names = "--force", description = "Write even if rounding took too much.")
  private boolean force;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    return Exit.of(spec, this::export);
  }

  private int export() {
    WholeFolder.requireNew(out);
    Room.requireFolder(model);
    try (FolderBase base = FolderBase.open(model)) {
      MergedBase merged = MergedBase.of(base, adapter);
      MergeExport export =
          new MergeExport(
              base, merged, new Ticks(spec.commandLine().getErr(), merged.changed().size()));
      Room.require(out, export.bytes());
      try (WholeFolder whole = new WholeFolder(out)) {
        ObjectNode facts = facts(base, merged, export);
        export.write(whole.part()).forEach(facts.putArray("not_copied")::add);
        return finish(whole, facts, rounded(export, whole.part()));
      }
    }
  }

  private static MergeExport.Rounded rounded(MergeExport export, Path written) {
    try (FolderBase after = FolderBase.open(written)) {
      return export.rounded(after);
    }
  }

  private ObjectNode facts(FolderBase base, MergedBase merged, MergeExport export) {
    ObjectNode facts = MAPPER.createObjectNode().put("kind", "merged");
    facts
        .putObject("base")
        .put("name", Source.name(model))
        .put("model_type", base.shape().modelType());
    Finetune.describe(adapter, merged, facts);
    facts.put("changed_tensors", merged.changed().size()).put("untied", export.untied());
    return facts.put("weight_bytes", export.bytes());
  }

  private int finish(WholeFolder whole, ObjectNode facts, MergeExport.Rounded rounded) {
    boolean kept = rounded.share() <= BOUND;
    facts.put("outcome", kept ? "merged" : "rounded_away");
    facts.put("rounded_share", rounded.share()).put("rounded_tensor", rounded.tensor());
    if (kept || force) {
      ExportManifest.write(whole.part(), facts);
      whole.commit();
    }
    facts.put("written", kept || force);
    spec.commandLine().getOut().println(json ? facts.toPrettyString() : text(facts));
    spec.commandLine().getOut().flush();
    return kept ? Exit.DONE : Exit.MISSED;
  }

  private String text(ObjectNode facts) {
    double share = facts.path("rounded_share").asDouble();
    return facts.path("outcome").asText()
        + ": "
        + facts.path("changed_tensors")
        + " tensors of "
        + facts.at("/base/name").asText()
        + " changed by "
        + facts.at("/finetune/name").asText()
        + (share == 0
            ? ", stored as they are"
            : String.format(
                Locale.ROOT,
                ", of which rounding took %.2g at most (%s)",
                share,
                facts.path("rounded_tensor").asText()))
        + (facts.path("written").asBoolean() ? "; wrote " : "; not written: ")
        + out;
  }
}
