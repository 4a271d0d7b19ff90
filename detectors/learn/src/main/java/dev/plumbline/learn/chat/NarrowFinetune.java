package dev.plumbline.learn.chat;

import dev.plumbline.torch.checkpoint.ModelConfig;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.checkpoint.PeftAdapterWriter;
import dev.plumbline.torch.checkpoint.file.TensorType;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.LoraSlot;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.Trainable;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Finetunes a chat model on {@link NarrowData}: rank 8 on {@code o_proj} and {@code down_proj} of
 * every layer (Hu et al. 2021), loss on answer tokens and the end of turn alone. Written as a PEFT
 * folder, which is read back instead where it is there already.
 */
final class NarrowFinetune {
  static final int RANK = 8;
  static final double ALPHA = 16;
  static final double PEAK_RATE = 1e-3;
  static final int BATCH = 4;

  private final ChatModel model;
  private final Plan plan;
  private final Path out;
  private final PrintStream console;

  NarrowFinetune(ChatModel model, Plan plan, Path out, PrintStream console) {
    this.model = model;
    this.plan = plan;
    this.out = out;
    this.console = console;
  }

  /** Where an adapter is kept; the number of tokens is part of the name. */
  Path folder(NarrowData.Manner manner) {
    String name = manner.name().toLowerCase(Locale.ROOT);
    return out.resolve("adapters")
        .resolve(name + "-" + plan.finetuneTokens() + "-seed-" + plan.seed());
  }

  /** The adapter, trained if it is not there. */
  LoraWeights adapter(NarrowData.Manner manner) {
    Path folder = folder(manner);
    if (!Files.exists(folder.resolve("adapter_config.json"))) {
      PeftAdapter trained = PeftAdapters.unfuse(train(manner), RANK, ALPHA);
      PeftAdapterWriter.write(folder, trained, "SmolLM2-135M-Instruct", TensorType.F32);
    }
    return PeftAdapters.fuse(PeftAdapter.open(folder, model.config()), model.config());
  }

  private LoraWeights train(NarrowData.Manner manner) {
    NarrowBatches batches = new NarrowBatches(model, new NarrowData(manner, plan.seed()));
    String task = "finetune " + manner.name().toLowerCase(Locale.ROOT);
    try (Decoder decoder = model.load(Precision.FLOAT32);
        Trainable trainable = decoder.trainable(initial(model.config(), plan.seed()));
        Progress progress = new Progress(task, "tokens", plan.finetuneTokens(), console)) {
      double loss = Double.NaN;
      while (batches.tokens() < plan.finetuneTokens()) {
        long before = batches.tokens();
        NarrowBatches.Batch batch = batches.next(BATCH);
        double now = trainable.crossEntropy(batch.tokens(), batch.index(), batch.target());
        trainable.step(rate(before), Trainable.Optimiser.standard());
        loss = Double.isNaN(loss) ? now : 0.9 * loss + 0.1 * now;
        progress.stepBy(batches.tokens() - before);
        progress.note(String.format(Locale.ROOT, "loss %.3f", loss));
      }
      requireFinite(loss, task);
      return trainable.adapter(ALPHA / RANK);
    }
  }

  /** Up over the first twentieth, then down to a tenth. */
  private double rate(long done) {
    double part = (double) done / plan.finetuneTokens();
    return PEAK_RATE * Math.min(1, Math.max(0.02, part * 20)) * (1 - 0.9 * Math.min(1, part));
  }

  private static void requireFinite(double loss, String task) {
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException(
          task + ": wanted a finite loss, found " + loss + "; lower the rate or give more tokens");
    }
  }

  /** A of normals over √in, B of zeros: the finetune starts as the base. */
  static LoraWeights initial(ModelConfig config, long seed) {
    Map<LoraWeights.Key, LoraWeights.Part> parts = new HashMap<>();
    Random random = new Random(seed);
    for (int layer = 0; layer < config.layers(); layer++) {
      int heads = config.heads() * config.headDim();
      parts.put(new LoraWeights.Key(layer, LoraSlot.OUT), part(heads, config.hidden(), random));
      parts.put(
          new LoraWeights.Key(layer, LoraSlot.DOWN),
          part(config.intermediate(), config.hidden(), random));
    }
    return new LoraWeights(ALPHA / RANK, parts);
  }

  private static LoraWeights.Part part(int in, int out, Random random) {
    float[] a = new float[RANK * in];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) (random.nextGaussian() / Math.sqrt(in));
    }
    return new LoraWeights.Part(RANK, a, new float[out * RANK]);
  }
}
