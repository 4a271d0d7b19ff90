package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.Parameters;
import dev.plumbline.agent.wire.oip.RequestedOutput;
import dev.plumbline.agent.wire.oip.Shape;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.mitigations.Receipt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The outputs a call can have, by name, in the order they are told. */
final class Outputs {
  private final Map<String, Tensor> all = new LinkedHashMap<>();
  private final Ask ask;

  Outputs(Map<TapPoint, Tensor> inputs, Map<TapPoint, TapPass> passes, Ask ask) {
    this.ask = ask;
    inputs.forEach(
        (point, tensor) -> {
          String suffix = tensor.name().substring(StateInputs.NAME.length());
          passes
              .get(point)
              .projections()
              .ifPresent(values -> add(projection("projection" + suffix, values)));
        });
    all.put("score", null);
    all.put("verdict", null);
    passes.values().forEach(pass -> pass.ablated().ifPresent(t -> add(receipted(t, pass))));
  }

  private void add(Tensor tensor) {
    all.put(tensor.name(), tensor);
  }

  private static Tensor projection(String name, double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putFloat((float) value);
    }
    return Tensor.of(name, Datatype.FP32, Shape.of(values.length), bytes.flip());
  }

  /** Proof that it happened, beside what it happened to. */
  private Tensor receipted(Tensor tensor, TapPass pass) {
    Receipt receipt = pass.receipt();
    double mean = receipt.applied() ? receipt.removed() / receipt.tokens() : 0;
    Parameters proof =
        new Parameters(
            Map.of(
                "tokens_touched",
                receipt.tokens(),
                "mean_removed",
                mean,
                "largest_removed",
                receipt.largest(),
                "baseline",
                ask.toZero() ? "zero" : "aligned"));
    return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), proof, tensor.content());
  }

  /** Refuses what cannot be given, before anything is scored. */
  void require(List<RequestedOutput> asked) {
    List<String> names = names(asked);
    for (String name : names) {
      if (!all.containsKey(name)) {
        throw Refusal.invalid(
            "outputs: wanted some of "
                + all.keySet()
                + ", found another; hidden_states are an output in mode ablate, where the direction"
                + " was learned");
      }
    }
    if (ask.ablate() && names.stream().noneMatch(name -> name.startsWith(StateInputs.NAME))) {
      throw Refusal.invalid(
          "outputs: wanted hidden_states in mode ablate, found none; ask for them, where the"
              + " direction was learned, or observe");
    }
  }

  /** Those asked for, all when none is named. */
  List<Tensor> of(List<RequestedOutput> asked, Judgement judgement) {
    add(judgement.score());
    add(judgement.said());
    return names(asked).stream().map(all::get).toList();
  }

  private List<String> names(List<RequestedOutput> asked) {
    return asked.isEmpty()
        ? List.copyOf(all.keySet())
        : asked.stream().map(RequestedOutput::name).distinct().toList();
  }
}
