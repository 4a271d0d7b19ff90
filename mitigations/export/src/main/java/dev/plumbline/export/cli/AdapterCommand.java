package dev.plumbline.export.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.WholeFolder;
import dev.plumbline.export.adapter.AdapterPlan;
import dev.plumbline.export.adapter.AdapterWriter;
import dev.plumbline.export.adapter.Server;
import dev.plumbline.export.adapter.Stacked;
import dev.plumbline.export.adapter.Variant;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.base.MergedBase;
import dev.plumbline.export.gguf.PeftToGguf;
import dev.plumbline.export.manifest.ExportManifest;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.cli.Exit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline export adapter --direction DIR --model DIR --for vllm --out DIR2}. */
@Command(
    name = "adapter",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Writes a rank-1 LoRA adapter that takes a direction out of a model, as a server loads it,"
            + " and measures what it leaves beside the ablation in forward. Exit status 3 if the"
            + " artefact is another model's, 4 if more is left than --bound: the adapter is then"
            + " insufficient, and only --force writes it. Of a finetune that is an adapter itself"
            + " (--adapter) one adapter is made that is both, of one rank more: it is worn instead.",
    footer = {
      "",
      "Examples:",
      "  plumbline export adapter --direction em.direction --model DIR --for vllm --out em-lora",
      "  plumbline export adapter --direction em.direction --model M.gguf --for sglang \\",
      "      --variant both --against shared --bound 1 --texts aligned.jsonl --out em-lora",
      "  plumbline export adapter --direction em.direction --model DIR --adapter FINETUNE \\",
      "      --for vllm --out finetune-without",
      "  plumbline export adapter --direction em.direction --model DIR --out em-lora --dry-run"
    })
public final class AdapterCommand implements Callable<Integer> {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What llama.cpp loads, beside the PEFT files it was made of. */
  static final String GGUF = "adapter.gguf";

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;
  @Mixin private ResidualOptions residual;

  @Option(
      names = "--for",
      defaultValue = "vllm",
      paramLabel = "SERVER",
      description =
          "Who is to load it: vllm, sglang, lorax, peft or llama.cpp, which gets an adapter.gguf"
              + " (${DEFAULT-VALUE}).")
  private String server;

  @Option(
      names = "--variant",
      paramLabel = "SIDE",
      description =
          "writers (every residual writer), readers (q, k, v, gate, up) or both; writers where the"
              + " server takes an embedding's adapter, else both.")
  private String variant;

  @Option(
      names = "--dtype",
      defaultValue = "float32",
      description = "Of the adapter: float32, bfloat16 or float16 (${DEFAULT-VALUE}).")
  private String dtype;

  @Option(
      names = "--base-name",
      paramLabel = "NAME",
      description = "What adapter_config.json calls the base; the folder's or file's name.")
  private String baseName;

  @Override
  public Integer call() {
    return Exit.of(spec, this::export);
  }

  private int export() {
    WholeFolder.requireNew(source.out);
    residual.check();
    TensorType type = StoredType.parse(dtype);
    Server target = Server.parse(server);
    HeapMeter heap = new HeapMeter();
    try (Base opened = Base.open(source.model)) {
      Optional<MergedBase> finetune = source.merged(opened);
      Base base = finetune.map(Base.class::cast).orElse(opened);
      Source held = Source.of(source, opened);
      AdapterPlan plan = plan(held, target, base);
      AdapterWriter named = new AdapterWriter(base, heap, name -> {});
      List<String> modules = named.modules(plan);
      ObjectNode facts = facts(held, target, base, plan, modules, named);
      finetune.ifPresent(each -> Finetune.describe(source.finetune, each, facts));
      facts.put("rank", 1 + finetune.map(each -> each.adapter().rank()).orElse(0));
      if (source.dryRun) {
        return print(facts.put("outcome", "dry_run"), Exit.DONE);
      }
      AdapterWriter writer =
          new AdapterWriter(base, heap, new Ticks(spec.commandLine().getErr(), modules.size()));
      try (WholeFolder out = new WholeFolder(source.out)) {
        write(out.part(), writer, plan, finetune, type);
        if (target == Server.LLAMA_CPP) {
          PeftToGguf.convert(out.part(), source.model, out.part().resolve(GGUF));
        }
        facts.put("weight_bytes_held", heap.most());
        return finish(out, measure(out.part(), held, base, plan), facts);
      }
    }
  }

  private void write(
      Path folder,
      AdapterWriter writer,
      AdapterPlan plan,
      Optional<MergedBase> finetune,
      TensorType type) {
    String name = baseName == null ? Source.name(source.model) : baseName;
    if (finetune.isEmpty()) {
      writer.write(folder, plan, name, type);
      return;
    }
    try (WholeFolder alone = new WholeFolder(folder.resolve("ablation"))) {
      writer.write(alone.part(), plan, name, TensorType.F32);
      PeftAdapterWriter.write(
          folder, Stacked.of(finetune.get().adapter(), read(alone.part())), name, type);
    }
  }

  private PeftAdapter read(Path ablation) {
    try (Checkpoint checkpoint = Checkpoint.open(source.model)) {
      return PeftAdapter.open(ablation, checkpoint.config());
    }
  }

  private AdapterPlan plan(Source held, Server target, Base base) {
    boolean embeds = target.takesEmbedding(base.shape().modelType(), base.shape().tied());
    Variant side =
        variant == null ? embeds ? Variant.WRITERS : Variant.BOTH : Variant.parse(variant);
    return new AdapterPlan(
        held.direction(), Source.strength(source), side, side.writers() && embeds);
  }

  private ObjectNode facts(
      Source held,
      Server target,
      Base base,
      AdapterPlan plan,
      List<String> modules,
      AdapterWriter writer) {
    ObjectNode facts = MAPPER.createObjectNode().put("kind", "adapter");
    held.describe(source, base, facts);
    facts.put("server", target.wireName()).put("variant", plan.variant().wireName());
    facts.put("dtype", dtype).put("modules", modules.size());
    facts.put("embedding", modules.contains("model.embed_tokens"));
    facts.put("weight_bytes_bound", writer.heapBound());
    ObjectNode biases = facts.putObject("bias_components_left");
    for (Map.Entry<TapPoint, Double> bias : writer.biasComponents(plan).entrySet()) {
      biases.put(bias.getKey().toString(), bias.getValue());
    }
    return facts;
  }

  private Optional<Measured> measure(Path adapter, Source held, Base base, AdapterPlan plan) {
    if (residual.skip || !Measured.canRun(base)) {
      return Optional.empty();
    }
    spec.commandLine().getErr().println("measuring what is left");
    spec.commandLine().getErr().flush();
    return Optional.of(Measured.of(source, residual, adapter, held, plan));
  }

  private int finish(WholeFolder out, Optional<Measured> measured, ObjectNode facts) {
    boolean sufficient = measured.filter(m -> m.against().within(residual.bound)).isPresent();
    String outcome =
        measured.isEmpty() ? "not_measured" : sufficient ? "sufficient" : "insufficient";
    facts.put("outcome", outcome).put("bound", residual.bound);
    measured.ifPresentOrElse(m -> m.describe(facts), () -> facts.putNull("residual"));
    if (sufficient || source.force) {
      ExportManifest.write(out.part(), facts);
      out.commit();
    }
    facts.put("written", sufficient || source.force);
    return print(facts, sufficient ? Exit.DONE : Exit.MISSED);
  }

  private int print(ObjectNode facts, int status) {
    spec.commandLine()
        .getOut()
        .println(source.json ? facts.toPrettyString() : AdapterText.of(facts, source.out));
    spec.commandLine().getOut().flush();
    return status;
  }
}
