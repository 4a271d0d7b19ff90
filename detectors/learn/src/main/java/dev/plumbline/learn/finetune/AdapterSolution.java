package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.torch.checkpoint.LowRank;
import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapter.Target;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Trainee;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A low-rank adapter; its folder is PEFT's, as vLLM, SGLang and Transformers load it. */
public record AdapterSolution(PeftAdapter adapter) implements Solution {
  public AdapterSolution {
    Objects.requireNonNull(adapter, "adapter");
  }

  /** Reads a PEFT folder. */
  public static AdapterSolution read(Path folder, ModelConfig config) {
    return new AdapterSolution(PeftAdapter.open(folder, config));
  }

  @Override
  public Map<String, Double> norms() {
    Map<String, Double> norms = new LinkedHashMap<>();
    adapter
        .changes()
        .forEach((target, change) -> norms.put(name(target), scale() * frobenius(change)));
    return norms;
  }

  private static String name(Target target) {
    String module = target.weight().name().toLowerCase(Locale.ROOT) + "_proj";
    return "layer " + target.layer() + " " + module;
  }

  /** ‖BA‖² = Σ (BᵀB) ∘ (AAᵀ): never the whole product. */
  private static double frobenius(LowRank change) {
    int r = change.rank();
    double sum = 0;
    for (int i = 0; i < r; i++) {
      for (int j = 0; j < r; j++) {
        double left = 0;
        for (int o = 0; o < change.out(); o++) {
          left += (double) change.b()[o * r + i] * change.b()[o * r + j];
        }
        double right = 0;
        for (int k = 0; k < change.in(); k++) {
          right += (double) change.a()[i * change.in() + k] * change.a()[j * change.in() + k];
        }
        sum += left * right;
      }
    }
    return Math.sqrt(Math.max(0, sum));
  }

  @Override
  public double scale() {
    return adapter.scaling();
  }

  @Override
  public AdapterSolution scaled(double factor) {
    List<float[]> values = new ArrayList<>();
    adapter
        .changes()
        .values()
        .forEach(
            change -> {
              values.add(change.a());
              values.add(VectorSolution.times(change.b(), factor));
            });
    return with(values);
  }

  @Override
  public List<float[]> values() {
    List<float[]> values = new ArrayList<>();
    adapter
        .changes()
        .values()
        .forEach(
            change -> {
              values.add(change.a());
              values.add(change.b());
            });
    return values;
  }

  @Override
  public AdapterSolution with(List<float[]> values) {
    Check.size(2 * adapter.changes().size(), values.size(), "arrays of an adapter");
    Iterator<float[]> next = values.iterator();
    Map<Target, LowRank> changes = new LinkedHashMap<>();
    adapter
        .changes()
        .forEach(
            (target, old) ->
                changes.put(
                    target,
                    new LowRank(old.in(), old.out(), old.rank(), next.next(), next.next())));
    return new AdapterSolution(
        new PeftAdapter(adapter.rank(), adapter.alpha(), adapter.rankStabilised(), changes));
  }

  @Override
  public Trainee trainee(ModelConfig config) {
    return Trainee.adapter(
        PeftAdapters.fuse(adapter, config), PeftAdapters.patterns(adapter, config));
  }

  @Override
  public void write(Path folder, String baseModel) {
    PeftAdapterWriter.writeNamingLayers(folder, adapter, baseModel, TensorType.F32);
  }

  @Override
  public String folderName() {
    return "adapter";
  }
}
