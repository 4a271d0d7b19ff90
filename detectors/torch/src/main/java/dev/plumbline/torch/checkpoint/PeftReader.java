package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.FiniteCheck;
import dev.plumbline.torch.checkpoint.file.Safetensors;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a PEFT folder; a tensor that would not be applied is an error, never skipped. */
final class PeftReader {
  static final String CONFIG = "adapter_config.json";
  static final String WEIGHTS = "adapter_model.safetensors";
  private static final Pattern NAME =
      Pattern.compile(
          "base_model\\.model\\.model\\.layers\\.(\\d{1,5})\\.((?:self_attn|mlp)\\.\\w+)\\.lora_([AB])\\.weight");
  static final String EMBED = "embed_tokens";
  static final String EMBED_A = "base_model.model.model.embed_tokens.lora_embedding_A";
  static final String EMBED_B = "base_model.model.model.embed_tokens.lora_embedding_B";
  private static final List<Weight> TARGETS =
      List.of(Weight.Q, Weight.K, Weight.V, Weight.O, Weight.GATE, Weight.UP, Weight.DOWN);

  private final Path folder;
  private final ModelConfig base;
  private final HfValues config;

  PeftReader(Path folder, ModelConfig base) {
    this.folder = folder;
    this.base = base;
    this.config = HfValues.read(folder.resolve(CONFIG));
  }

  PeftAdapter read() {
    refuseUnsupported();
    int rank = config.integer("r");
    try (Safetensors file = Safetensors.open(folder.resolve(WEIGHTS))) {
      Map<PeftAdapter.Target, LowRank> changes = new TreeMap<>();
      Optional<LowRank> embedding = embedding(file, rank);
      for (String name : file.names()) {
        if (name.equals(EMBED_A) || name.equals(EMBED_B)) {
          continue;
        }
        PeftAdapter.Target target = target(file, name);
        if (!changes.containsKey(target)) {
          changes.put(target, change(file, target, rank));
        }
      }
      requireAllTargets(file, changes.keySet(), embedding.isPresent());
      return new PeftAdapter(
          rank, config.number("lora_alpha"), config.flag("use_rslora", false), changes, embedding);
    } catch (IllegalArgumentException e) {
      throw new BadFileException(
          config.file(),
          "the configuration",
          "an adapter that can exist",
          e.getMessage(),
          "Correct it.",
          e);
    }
  }

  private void refuseUnsupported() {
    require("peft_type", "LORA", config.text("peft_type", "LORA"));
    require("bias", "none", config.text("bias", "none"));
    for (String key : List.of("use_dora", "fan_in_fan_out", "lora_bias")) {
      require(key, "false", Boolean.toString(config.flag(key, false)));
    }
    for (String key :
        List.of("modules_to_save", "rank_pattern", "alpha_pattern", "target_parameters")) {
      require(key, "none", config.size(key) == 0 ? "none" : config.size(key) + " entries");
    }
    if (config.isTextual("init_lora_weights")) {
      String how = config.text("init_lora_weights", "");
      if (how.matches("(?i)pissa.*|olora|loftq|corda")) {
        throw config.bad("init_lora_weights", "one that leaves the base as it is", how);
      }
    }
    if (config.integer("r") < 1 || config.integer("r") > base.hidden()) {
      throw config.bad("r", "a rank from 1 to " + base.hidden(), "" + config.integer("r"));
    }
  }

  private void require(String key, String wanted, String found) {
    if (!wanted.equals(found)) {
      throw config.bad(key, wanted, found);
    }
  }

  private PeftAdapter.Target target(Safetensors file, String name) {
    Matcher parts = NAME.matcher(name);
    if (parts.matches()) {
      int layer = Integer.parseInt(parts.group(1));
      for (Weight weight : TARGETS) {
        if (HfNames.module(weight).equals(parts.group(2)) && layer < base.layers()) {
          return new PeftAdapter.Target(layer, weight);
        }
      }
    }
    throw new BadFileException(
        file.path(),
        "tensor " + name,
        "LoRA weights of a projection of layers 0 to " + (base.layers() - 1),
        "a name this runtime would not apply",
        "Train the adapter on attention and MLP projections of this base.");
  }

  private LowRank change(Safetensors file, PeftAdapter.Target target, int rank) {
    List<Long> shape = base.shape(target.weight());
    float[] a = matrix(file, name(target, "A"), List.of((long) rank, shape.get(1)));
    float[] b = matrix(file, name(target, "B"), List.of(shape.get(0), (long) rank));
    return new LowRank(shape.get(1).intValue(), shape.get(0).intValue(), rank, a, b);
  }

  /** PEFT looks tokens up in the rows of Aᵀ. */
  private Optional<LowRank> embedding(Safetensors file, int rank) {
    if (!file.has(EMBED_A) && !file.has(EMBED_B)) {
      return Optional.empty();
    }
    float[] a = matrix(file, EMBED_A, List.of((long) rank, (long) base.vocab()));
    float[] b = matrix(file, EMBED_B, List.of((long) base.hidden(), (long) rank));
    return Optional.of(new LowRank(base.vocab(), base.hidden(), rank, a, b));
  }

  private static float[] matrix(Safetensors file, String name, List<Long> wanted) {
    if (!file.info(name).shape().equals(wanted)) {
      throw new BadFileException(
          file.path(),
          "tensor " + name,
          "shape " + wanted,
          file.info(name).shapeText(),
          "Use an adapter that was trained on this base.");
    }
    float[] values = file.read(name);
    FiniteCheck.require(file.info(name), 0, values, 0, values.length);
    return values;
  }

  static String name(PeftAdapter.Target target, String which) {
    return "base_model.model.model.layers."
        + target.layer()
        + "."
        + HfNames.module(target.weight())
        + ".lora_"
        + which
        + ".weight";
  }

  /** Each module the configuration names must have been found somewhere, and nothing else. */
  private void requireAllTargets(
      Safetensors file, Set<PeftAdapter.Target> found, boolean embedding) {
    Set<String> modules = new HashSet<>();
    found.forEach(t -> modules.add(shortName(t.weight())));
    if (embedding) {
      modules.add(EMBED);
    }
    if (config.isTextual("target_modules")) {
      return;
    }
    Set<String> wanted = new HashSet<>();
    config.texts("target_modules").forEach(m -> wanted.add(m.substring(m.lastIndexOf('.') + 1)));
    if (modules.isEmpty() || !wanted.equals(modules)) {
      throw new BadFileException(
          file.path(),
          "the tensors",
          "weights for " + wanted,
          "for " + modules,
          "Fetch the adapter again.");
    }
  }

  static String shortName(Weight weight) {
    String module = HfNames.module(weight);
    return module.substring(module.indexOf('.') + 1);
  }
}
