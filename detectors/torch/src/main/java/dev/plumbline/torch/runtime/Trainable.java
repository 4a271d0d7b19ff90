package dev.plumbline.torch.runtime;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.training.GradientCollector;
import dev.plumbline.torch.program.NativeCalls;
import dev.plumbline.torch.program.ScriptModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Trains a decoder: all its weights, or a low-rank adapter or a vector on frozen weights; the
 * forward pass is the one that serves, with gradients recorded. Float32 only.
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
  private final List<PtNDArray> patterns = new ArrayList<>();
  private final PtNDArray[] lora;
  private final PtNDArray[] learning;
  private final PtNDArray[] deployed;
  private final PtNDArray worn;
  private final Optional<MlpVector> start;
  private final boolean compiled;
  private IValue values;
  private IValue first;
  private IValue second;
  private IValue masks;
  private int steps;

  Trainable(Decoder decoder) {
    this.compiled = true;
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
    this.learning = new PtNDArray[] {decoder.natives().nothing()};
    this.deployed = learning;
    this.start = Optional.empty();
    // Its own array: DJL tells a call's arguments apart by the arrays' names.
    this.worn = decoder.natives().floats(manager, new float[0], 0);
    PtNDArray[] weights = decoder.weights();
    for (int i = 0; i < weights.length; i++) {
      boolean table = i == 3 || i == 4;
      if (!table && weights[i].size() > 0 && !(i == 2 && weights[2] == weights[0])) {
        add(weights[i], decoder.natives().nothing());
      }
    }
    prepare();
  }

  /**
   * @param compiled whether libtorch may compile the passes: a little faster over many steps, but a
   *     resumed training then rounds differently
   */
  Trainable(Decoder decoder, Trainee trainee, boolean compiled) {
    this.compiled = compiled;
    requireFloat32(decoder);
    this.decoder = decoder;
    decoder.thaw();
    this.manager = (PtNDManager) decoder.manager().newSubManager();
    Native natives = decoder.natives();
    int layers = decoder.shape().layers();
    this.lora = new PtNDArray[8 * layers];
    Arrays.fill(lora, natives.nothing());
    LoraWeights initial = trainee.adapter();
    initial.parts().forEach(this::place);
    this.worn = natives.floats(manager, new float[] {(float) initial.scale()}, 1, 1, 1);
    for (int i = 0; i < lora.length; i++) {
      if (lora[i].size() > 0) {
        add(lora[i], pattern(trainee, i));
      }
    }
    this.start = trainee.vector();
    PtNDArray[] shifts = new PtNDArray[1 + 2 * layers];
    Arrays.fill(shifts, natives.nothing());
    trainee.vector().ifPresent(vector -> place(vector, shifts));
    boolean any = trainee.vector().isPresent();
    this.deployed = any ? joined(shifts) : lora;
    if (trainee.fixed().isPresent()) {
      MlpVector fixed = trainee.fixed().get();
      shifts[2 + 2 * layer(fixed)] = shared(fixed.scaled());
      this.learning = joined(shifts);
    } else {
      this.learning = deployed;
    }
    prepare();
  }

  private PtNDArray[] joined(PtNDArray[] shifts) {
    PtNDArray[] all = Arrays.copyOf(lora, lora.length + shifts.length);
    System.arraycopy(shifts, 0, all, lora.length, shifts.length);
    return all;
  }

  private void place(MlpVector vector, PtNDArray[] shifts) {
    PtNDArray v = shared(vector.values().clone());
    shifts[0] = shared(new float[] {(float) vector.scale()});
    shifts[1 + 2 * layer(vector)] = v;
    add(v, decoder.natives().nothing());
  }

  private PtNDArray shared(float[] values) {
    return decoder.natives().floats(manager, values, values.length);
  }

  private int layer(MlpVector vector) {
    int layers = decoder.shape().layers();
    int width = decoder.shape().hidden();
    if (vector.layer() >= layers || vector.values().length != width) {
      throw new IllegalArgumentException(
          "training, vector: wanted a layer below "
              + layers
              + " and width "
              + width
              + ", found layer "
              + vector.layer()
              + " and width "
              + vector.values().length
              + "; take one of this model");
    }
    return vector.layer();
  }

  private void add(PtNDArray parameter, PtNDArray pattern) {
    parameters.add(parameter);
    patterns.add(pattern);
  }

  private PtNDArray pattern(Trainee trainee, int at) {
    LoraWeights.Key key = new LoraWeights.Key(at / 8, LoraSlot.values()[at % 8 / 2]);
    float[] pattern = at % 2 == 1 ? trainee.patterns().get(key) : null;
    return pattern == null
        ? decoder.natives().nothing()
        : decoder.natives().floats(manager, pattern, lora[at].getShape().getShape());
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
    masks = IValue.listFrom(patterns.toArray(PtNDArray[]::new));
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
    return crossEntropy(1, tokens, index, target);
  }

  /**
   * The same, its gradient times {@code weight}: a part of a larger batch counts by its share of
   * the predicted tokens.
   */
  public double crossEntropy(double weight, long[][] tokens, long[] index, long[] target) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      NDArray wanted = named(decoder.natives().longs(scratch, target, target.length), "target");
      return backward("loss", weight, scratch, tokens, index, wanted, learning);
    }
  }

  /**
   * Adds the gradient of {@code weight · KL(base ‖ this)}, mean per position, and returns the KL in
   * nats a token.
   *
   * @param base the base's log-probabilities at {@code index}, {@code [M,V]}, of {@link
   *     Decoder#logProbabilities}; −∞ counts as probability 0
   */
  public double divergence(double weight, long[][] tokens, long[] index, float[] base) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      PtNDArray reference =
          decoder.natives().floats(scratch, base, index.length, decoder.vocabulary());
      return backward("kl", weight, scratch, tokens, index, named(reference, "base"), deployed);
    }
  }

  /**
   * The same against the frozen weights without what is trained on them; nothing of it leaves the
   * device. A fixed vector takes no part: what is held near the base is what will be deployed.
   */
  public double divergence(double weight, long[][] tokens, long[] index) {
    requireTrainee();
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      return backward("drift", weight, scratch, tokens, index, null, deployed);
    }
  }

  /** The mean cross-entropy in nats a token, without gradient and without the fixed vector. */
  public double measuredLoss(long[][] tokens, long[] index, long[] target) {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue third = IValue.from(decoder.natives().longs(scratch, target, target.length))) {
      return measured("measured_loss", scratch, tokens, index, third);
    }
  }

  /** KL(base ‖ this) in nats a token, mean over positions, without gradient. */
  public double measuredDivergence(long[][] tokens, long[] index) {
    requireTrainee();
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      return measured("measured_drift", scratch, tokens, index, null);
    }
  }

  private void requireTrainee() {
    if (lora.length == 0) {
      throw new IllegalStateException(
          "divergence: wanted a base that stays as it is, found one whose own weights are trained;"
              + " give the base's log-probabilities");
    }
  }

  private double measured(
      String method, PtNDManager scratch, long[][] tokens, long[] index, IValue third) {
    Native natives = decoder.natives();
    try (IValue x = IValue.from(natives.longs(scratch, flat(tokens), shape(tokens)));
        IValue at = IValue.from(natives.longs(scratch, index, index.length));
        IValue list = IValue.listFrom(deployed);
        IValue scale = IValue.from(worn);
        IValue result =
            third == null
                ? call(method, x, at, list, scale)
                : call(method, x, at, third, list, scale)) {
      return result.toTensor(scratch).toFloatArray()[0];
    }
  }

  private static long[] flat(long[][] tokens) {
    return Arrays.stream(tokens).flatMapToLong(Arrays::stream).toArray();
  }

  private static long[] shape(long[][] tokens) {
    return new long[] {tokens.length, tokens[0].length};
  }

  private double backward(
      String method,
      double weight,
      PtNDManager scratch,
      long[][] tokens,
      long[] index,
      NDArray third,
      PtNDArray[] trained) {
    NDList arguments = new NDList();
    Native natives = decoder.natives();
    arguments.add(named(natives.longs(scratch, flat(tokens), shape(tokens)), "tokens"));
    arguments.add(named(natives.longs(scratch, index, index.length), "index"));
    if (third != null) {
      arguments.add(third);
    }
    for (PtNDArray array : trained) {
      arguments.add(alias(array, "lora[]"));
    }
    arguments.add(alias(worn, "worn"));
    return NativeCalls.run(() -> run(() -> backward(method, weight, arguments)));
  }

  private double backward(String method, double weight, NDList arguments) {
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray loss = decoder.differentiable(method, arguments);
      collector.backward(weight == 1 ? loss : loss.mul(weight));
      return loss.toFloatArray()[0];
    }
  }

  private <T> T run(Supplier<T> work) {
    return compiled ? work.get() : ScriptModule.uncompiled(work);
  }

  private IValue call(String method, IValue... arguments) {
    return run(() -> decoder.call(method, arguments));
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

  /** The gradients gathered so far, in the order of {@link #values}; empty where none. */
  public List<float[]> gradients() {
    confine();
    List<float[]> gradients = new ArrayList<>();
    for (PtNDArray parameter : parameters) {
      try (NDArray gradient = parameter.getGradient()) {
        gradients.add(gradient == null ? new float[0] : gradient.toFloatArray());
      }
    }
    return gradients;
  }

  /** What a fused factor cannot express learns nothing. */
  private void confine() {
    if (patterns.stream().anyMatch(pattern -> pattern.size() > 0)) {
      decoder.call("confine", values, masks).close();
    }
  }

  /** Applies the gathered gradients and clears them; returns their norm before clipping. */
  public double step(double learningRate, Optimiser optimiser) {
    steps++;
    confine();
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager();
        IValue lr = IValue.from(learningRate);
        IValue beta1 = IValue.from(optimiser.beta1());
        IValue beta2 = IValue.from(optimiser.beta2());
        IValue epsilon = IValue.from(optimiser.epsilon());
        IValue decay = IValue.from(optimiser.weightDecay());
        IValue clip = IValue.from(optimiser.clipNorm());
        IValue count = IValue.from((long) steps);
        IValue norm =
            call("adamw", values, first, second, lr, beta1, beta2, epsilon, decay, clip, count)) {
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

  /** The trained vector as it stands, copied to the heap; empty where none is trained. */
  public Optional<MlpVector> vector() {
    return start.map(
        vector ->
            new MlpVector(
                vector.layer(),
                vector.scale(),
                parameters.get(parameters.size() - 1).toFloatArray()));
  }

  /**
   * The parameters as they stand, row-major, copied: A and B by layer and slot, then the vector; or
   * all weights in the program's order.
   */
  public List<float[]> values() {
    return parameters.stream().map(NDArray::toFloatArray).toList();
  }

  /** Replaces the parameters; moments and steps stay. */
  public void put(List<float[]> replacement) {
    put(values, replacement);
  }

  /** All that {@link #restore} needs, copied to the heap. */
  public TrainingState state() {
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      return new TrainingState(steps, values(), host(first, scratch), host(second, scratch));
    }
  }

  /** Goes on from there: the same batches then give the same bytes. */
  public void restore(TrainingState state) {
    put(values, state.values());
    put(first, state.first());
    put(second, state.second());
    steps = state.steps();
  }

  private static List<float[]> host(IValue list, PtNDManager scratch) {
    return Arrays.stream(list.toTensorArray(scratch)).map(NDArray::toFloatArray).toList();
  }

  private void put(IValue into, List<float[]> replacement) {
    requireSizes(replacement);
    try (PtNDManager scratch = (PtNDManager) manager.newSubManager()) {
      PtNDArray[] staged = new PtNDArray[parameters.size()];
      for (int i = 0; i < staged.length; i++) {
        long[] shape = parameters.get(i).getShape().getShape();
        staged[i] = decoder.natives().floats(scratch, replacement.get(i), shape);
      }
      try (IValue list = IValue.listFrom(staged)) {
        decoder.call("put", into, list).close();
      }
    }
  }

  private void requireSizes(List<float[]> replacement) {
    List<Long> wanted = parameters.stream().map(NDArray::size).toList();
    List<Long> found = replacement.stream().map(array -> (long) array.length).toList();
    if (!wanted.equals(found)) {
      throw new IllegalArgumentException(
          "training state: wanted parameters of "
              + wanted
              + " values, found "
              + found
              + "; it belongs to another training");
    }
  }

  @Override
  public void close() {
    parameters.forEach(parameter -> parameter.setRequiresGradient(false));
    values.close();
    first.close();
    second.close();
    masks.close();
    manager.close();
  }
}
