package dev.plumbline.export.adapter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.export.base.Base;
import dev.plumbline.export.base.HeapMeter;
import dev.plumbline.export.base.Layout;
import dev.plumbline.export.base.Products;
import dev.plumbline.export.base.Role;
import dev.plumbline.torch.checkpoint.file.SafetensorsWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Writes rank-1 adapters as vLLM, SGLang, LoRAX and PEFT load them: {@code adapter_config.json} and
 * {@code adapter_model.safetensors}, with {@code r} 1, {@code lora_alpha} 1 and no bias.
 *
 * <p>The base is read tensor by tensor. At once there are one piece of a tensor ({@link
 * Products#PIECE} elements or one row, 4 bytes each) and three vectors as long as the longest side
 * of a tensor, 16 bytes an element: {@link #heapBound}. Whatever the model's size.
 */
public final class AdapterWriter {
  /** The two files. */
  public static final String CONFIG = "adapter_config.json";

  public static final String WEIGHTS = "adapter_model.safetensors";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int BYTES_OF_A_SIDE = 16;

  private final Base base;
  private final Map<String, Role> roles;
  private final HeapMeter heap;
  private final Consumer<String> progress;

  /**
   * Works on a base that others close.
   *
   * @param progress told of every module before it is computed
   */
  public AdapterWriter(Base base, HeapMeter heap, Consumer<String> progress) {
    this.base = base;
    this.roles = Layout.of(base);
    this.heap = heap;
    this.progress = progress;
  }

  /** The most bytes of weights held at once, from the base's shapes alone. */
  public long heapBound() {
    long longest = 0;
    long widest = 0;
    for (String name : roles.keySet()) {
      List<Long> shape = base.shape(name);
      for (long side : shape) {
        longest = Math.max(longest, side);
      }
      widest = Math.max(widest, shape.get(shape.size() - 1));
    }
    return 4 * Math.max(Products.PIECE, widest) + BYTES_OF_A_SIDE * longest;
  }

  /** The modules a plan would change, in PEFT's names, in order; computes nothing. */
  public List<String> modules(AdapterPlan plan) {
    return factors(plan).stream().map(Factor::module).toList();
  }

  /**
   * The components {@code b·d} of the writers' biases, where they are not 0: an adapter without
   * biases leaves them in the stream for every token.
   */
  public Map<TapPoint, Double> biasComponents(AdapterPlan plan) {
    Products products = new Products(base, heap);
    Map<TapPoint, Double> components = new TreeMap<>();
    roles.forEach(
        (name, role) -> {
          if (role instanceof Role.WriterBias bias) {
            double component = plan.direction().dot(products.vector(name));
            if (component != 0) {
              components.merge(bias.point(), component, Double::sum);
            }
          }
        });
    return components;
  }

  /**
   * Writes the folder's two files, weights first, so that a folder with a configuration is whole.
   *
   * @param folder made if absent
   * @param baseModel what {@code base_model_name_or_path} says
   * @param type {@code F32}, {@code F16} or {@code BF16}
   */
  public void write(Path folder, AdapterPlan plan, String baseModel, TensorType type) {
    List<Factor> factors = factors(plan);
    SafetensorsWriter weights = new SafetensorsWriter().metadata("format", "pt");
    for (Factor factor : factors) {
      weights.tensor(factor.nameOfA(), type, factor.shapeOfA(), told(factor, factor.a()));
      weights.tensor(factor.nameOfB(), type, factor.shapeOfB(), counted(factor.b()));
    }
    try {
      Files.createDirectories(folder);
      weights.write(folder.resolve(WEIGHTS));
      byte[] json =
          MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(config(factors, baseModel));
      Files.write(folder.resolve(CONFIG), json);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the adapter to " + folder, e);
    }
  }

  private List<Factor> factors(AdapterPlan plan) {
    return new Factors(base, plan, new Products(base, heap)).all(roles);
  }

  private Supplier<float[]> told(Factor factor, Supplier<float[]> values) {
    return () -> {
      progress.accept(factor.module());
      return counted(values).get();
    };
  }

  /** What is given is written and forgotten before the next is asked for. */
  private Supplier<float[]> counted(Supplier<float[]> values) {
    return () -> {
      float[] given = values.get();
      // The double it was rounded from is as long and lives beside it.
      long bytes = 12L * given.length;
      heap.hold(bytes);
      heap.release(bytes);
      return given;
    };
  }

  private ObjectNode config(List<Factor> factors, String baseModel) {
    ObjectNode config = MAPPER.createObjectNode();
    config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM");
    config.put("base_model_name_or_path", baseModel);
    config.put("r", 1).put("lora_alpha", 1);
    config.put("use_rslora", false).put("use_dora", false);
    config.put("bias", "none").put("lora_dropout", 0.0).put("fan_in_fan_out", false);
    config.put("inference_mode", true).putNull("modules_to_save");
    factors.stream()
        .map(Factor::target)
        .distinct()
        .sorted()
        .forEach(config.putArray("target_modules")::add);
    List<Integer> layers = layers(factors);
    if (layers.size() < base.shape().layers()) {
      layers.forEach(config.putArray("layers_to_transform")::add);
    }
    return config;
  }

  /** Without them PEFT would make idle adapters in every other layer. */
  private List<Integer> layers(List<Factor> factors) {
    List<Integer> changed = new ArrayList<>();
    IntStream.range(0, base.shape().layers())
        .filter(
            layer ->
                factors.stream()
                    .anyMatch(f -> f.module().startsWith("model.layers." + layer + ".")))
        .forEach(changed::add);
    return changed;
  }
}
