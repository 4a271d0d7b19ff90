package dev.plumbline.torch.runtime;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a decoder: all its weights, or a low-rank adapter on frozen weights; the forward pass is
 * the one that serves, with gradients recorded. Float32 only.
 *
 * <p>One thread at a time; gradients add up over {@link #crossEntropy} and {@link #divergence}
 * until {@link #step}. Closed by its maker; the decoder lives on with what it learned.
 */
public final class Trainable implements AutoCloseable {
  /** The optimiser's numbers (AdamW). */
  public record Optimiser(
      double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {
    /** β = (0.9, 0.95), ε = 1e-8, decay 0.01 on matrices, gradient norm clipped at 1. */
    public static Optimiser standard() {
      return new Optimiser(0.9, 0.95, 1e-8, 0.01, 1);
    }
  }

  private final Decoder decoder;
  private final PtNDManager manager;
  private final List<PtNDArray> parameters = new ArrayList<>();
  private final PtNDArray[] lora;
  private final PtNDArray worn;
  private IValue values;
  private IValue first;
  private IValue second;
  private int steps;

  Trainable(Decoder decoder) {
    requireFloat32(decoder);
    if (decoder.shape().qkNorm()) {
      throw new IllegalStateException(
          "training: wanted a model without q and k norms, found one whose norms the program"
              + " repeats for each head; train an adapter on it");
    }
    this.decoder = decoder;
    decoder.thaw();
    this.manager = (PtNDManager) decoder.manager().newSubManager();
    this.lora = new PtNDArray[0];
    // Its own array: DJL tells a call's arguments apart by the arrays' names.
    this.worn = decoder.natives().floats(manager, new float[0], 0);
    PtNDArray[] weights = decoder.weights();
    for (int i = 0; i < weights.length; i++) {
      boolean table = i == 3 || i == 4;
      if (!table && weights[i].size() > 0 && !(i == 2 && weights[2] == weights[0])) {
        parameters.add(weights[i]);
      }
    }
    prepare();
  }

  Trainable(Decoder decoder, LoraWeights initial) {
    requireFloat32(decoder);
    if (initial.parts().isEmpty()) {
      throw new IllegalArgumentException(
          "training: wanted an adapter with at least one part, found none; name its modules");
    }
    this.decoder = decoder;
    decoder.thaw();
    this.manager = (PtNDManager) decoder.manager().newSubManager();
    Native natives = decoder.natives();
    int layers = decoder.shape().layers();
    this.lora = new PtNDArray[8 * layers];
    Arrays.fill(lora, natives.nothing());
    initial.parts().forEach((key, part) -> place(key, part));
    this.worn = natives.floats(manager, new float[] {(float) initial.scale()}, 1, 1, 1);
    for (PtNDArray array : lora) {
      if (array.size() > 0) {
        parameters.add(array);
      }
    }
    prepare();
  }

  private static void requireFloat32(Decoder decoder) {
    if (decoder.precision() != Precision.FLOAT32) {
      throw new IllegalStateException(
          "training: wanted a float32 decoder, found "
              + decoder.precision().wireName()
              + "; load the model in float32");
    }
  }

  private void place(LoraWeights.Key key, LoraWeights.Part part) {
    int at = 8 * key.layer() + 2 * key.slot().ordinal();
    lora[at] = decoder.natives().floats(manager, part.a().clone(), part.rank(), part.in());
    lora[at + 1] = decoder.natives().floats(manager, part.b().clone(), part.out(), part.rank());
  }

  private void prepare() {
    List<PtNDArray> m = new ArrayList<>();
    List<PtNDArray> v = new ArrayList<>();
    for (PtNDArray parameter : parameters) {
      parameter.setRequiresGradient(true);
      m.add((PtNDArray) manager.zeros(parameter.getShape()));
      v.add((PtNDArray) manager.zeros(parameter.getShape()));
    }
    values = IValue.listFrom(parameters.toArray(PtNDArray[]::new));
    first = IValue.listFrom(m.toArray(PtNDArray[]::new));
    second = IValue.listFrom(v.toArray(PtNDArray[]::new));
  }

  /**
   * Adds the gradient of the mean cross-entropy and returns it, in nats a token.
   *
   * @param tokens {@code [B,T]}, padded on the right
   * @param index flat positions {@code b·T+t} whose next token is predicted, {@code [M]}
   * @param target the next tokens, {@code [M]}
   */
  public double crossEntropy(long[][] tokens, long[] index, long[] target) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      NDArray wanted = named(decoder.natives().longs(scratch, target, target.length), "target");
      return backward("loss", 1, scratch, tokens, index, wanted);
    }
  }

  /**
   * Adds the gradient of {@code weight · KL(base ‖ this)}, mean per position, and returns the KL in
   * nats a token.
   *
   * @param base the base's log-probabilities at {@code index}, {@code [M,V]}, of {@link
   *     Decoder#logProbabilities}
   */
  public double divergence(double weight, long[][] tokens, long[] index, float[] base) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      PtNDArray reference =
          decoder.natives().floats(scratch, base, index.length, decoder.vocabulary());
      return backward("kl", weight, scratch, tokens, index, named(reference, "base"));
    }
  }

  private double backward(
      String method,
      double weight,
      PtNDManager scratch,
      long[][] tokens,
      long[] index,
      NDArray third) {
    NDList arguments = new NDList();
    Native natives = decoder.natives();
    int t = tokens[0].length;
    long[] flat = Arrays.stream(tokens).flatMapToLong(Arrays::stream).toArray();
    arguments.add(named(natives.longs(scratch, flat, tokens.length, t), "tokens"));
    arguments.add(named(natives.longs(scratch, index, index.length), "index"));
    arguments.add(third);
    for (PtNDArray array : lora.length == 0 ? new PtNDArray[] {natives.nothing()} : lora) {
      arguments.add(alias(array, "lora[]"));
    }
    arguments.add(alias(worn, "worn"));
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray loss = decoder.differentiable(method, arguments);
      collector.backward(weight == 1 ? loss : loss.mul(weight));
      return loss.toFloatArray()[0];
    }
  }

  private static NDArray named(NDArray array, String name) {
    array.setName(name);
    return array;
  }

  /** DJL passes lists by name, so a shared array is named for the call. */
  private static NDArray alias(NDArray array, String name) {
    array.setName(name);
    return array;
  }

  /** The gradients gathered so far, in the order of the parameters, row-major; empty where none. */
  List<float[]> gradients() {
    List<float[]> gradients = new ArrayList<>();
    for (PtNDArray parameter : parameters) {
      try (NDArray gradient = parameter.getGradient()) {
        gradients.add(gradient == null ? new float[0] : gradient.toFloatArray());
      }
    }
    return gradients;
  }

  /** Applies the gathered gradients and clears them; returns their norm before clipping. */
  public double step(double learningRate, Optimiser optimiser) {
    steps++;
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue lr = IValue.from(learningRate);
        IValue beta1 = IValue.from(optimiser.beta1());
        IValue beta2 = IValue.from(optimiser.beta2());
        IValue epsilon = IValue.from(optimiser.epsilon());
        IValue decay = IValue.from(optimiser.weightDecay());
        IValue clip = IValue.from(optimiser.clipNorm());
        IValue count = IValue.from((long) steps);
        IValue norm =
            decoder.call(
                "adamw", values, first, second, lr, beta1, beta2, epsilon, decay, clip, count)) {
      return norm.toTensor(scratch).toFloatArray()[0];
    }
  }

  /** The adapter as it stands, copied to the heap. */
  public LoraWeights adapter(double scale) {
    java.util.Map<LoraWeights.Key, LoraWeights.Part> parts = new java.util.HashMap<>();
    for (int layer = 0; layer < lora.length / 8; layer++) {
      for (LoraSlot slot : LoraSlot.values()) {
        int at = 8 * layer + 2 * slot.ordinal();
        if (lora[at].size() > 0) {
          int rank = (int) lora[at].getShape().get(0);
          parts.put(
              new LoraWeights.Key(layer, slot),
              new LoraWeights.Part(rank, lora[at].toFloatArray(), lora[at + 1].toFloatArray()));
        }
      }
    }
    return new LoraWeights(scale, parts);
  }

  @Override
  public void close() {
    parameters.forEach(parameter -> parameter.setRequiresGradient(false));
    values.close();
    first.close();
    second.close();
    manager.close();
  }
}
