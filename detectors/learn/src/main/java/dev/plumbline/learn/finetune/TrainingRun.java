package dev.plumbline.learn.finetune;

import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.Trainable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The steps of one training, from its newest snapshot on. One thread. */
final class TrainingRun {
  private final Trainable trainable;
  private final FinetuneSettings settings;
  private final List<TrainingText> domain;
  private final List<TrainingText> anchors;
  private final Optional<BatchOrder> anchorOrder;
  private final Function<Trainable, Solution> learned;
  private final List<Logged> curve = new ArrayList<>();
  private final List<NormAt> norms = new ArrayList<>();
  private LossWatch watch;
  private boolean early;

  TrainingRun(
      Trainable trainable,
      FinetuneSettings settings,
      List<TrainingText> domain,
      List<TrainingText> anchors,
      Function<Trainable, Solution> learned) {
    this.trainable = trainable;
    this.settings = settings;
    this.domain = domain;
    this.anchors = anchors;
    this.anchorOrder =
        settings.objective().klWeight() > 0 ? Optional.of(order("anchors")) : Optional.empty();
    this.learned = learned;
  }

  private BatchOrder order(String purpose) {
    boolean own = purpose.equals("domain");
    int texts = own ? domain.size() : anchors.size();
    int size =
        own ? settings.pace().stepTexts(texts) : Math.min(texts, settings.objective().klBatch());
    return new BatchOrder(settings.seed(), purpose, texts, size);
  }

  boolean early() {
    return early;
  }

  /** Takes the steps that are left; the last snapshot, kept or not. */
  Snapshot run(Snapshots snapshots, Progress progress) {
    int steps = settings.pace().stepsOver(domain.size());
    int done = goOn(snapshots.last());
    BatchOrder order = order("domain");
    early = watch.early();
    try (Progress.Task task = progress.begin("finetune", steps)) {
      task.step(done);
      while (done < steps && !early) {
        step(done, steps, order, task);
        done++;
        early = watch.early();
        boolean last = done == steps || early;
        if (due(done) || (last && settings.pace().saveEvery() > 0)) {
          snapshots.keep(snapshot(done));
        }
      }
    }
    return snapshot(done);
  }

  private int goOn(Optional<Snapshot> from) {
    LossMemory memory = from.map(Snapshot::memory).orElse(LossMemory.NEW);
    watch = new LossWatch(settings.guards(), settings.pace().logEvery(), memory);
    from.ifPresent(
        snapshot -> {
          trainable.restore(snapshot.state());
          curve.addAll(snapshot.curve());
          norms.addAll(snapshot.norms());
        });
    return from.map(Snapshot::step).orElse(0);
  }

  private boolean due(int done) {
    int every = settings.pace().saveEvery();
    return every > 0 && done % every == 0;
  }

  private void step(int done, int steps, BatchOrder order, Progress.Task task) {
    double loss = learn(pick(domain, order.at(done)));
    double divergence = anchorOrder.isEmpty() ? 0 : hold(done);
    watch.require(done, loss, divergence);
    double rate = settings.rate().at(done, steps);
    double gradient = trainable.step(rate, settings.optimiser());
    if (!Double.isFinite(gradient)) {
      throw new DivergedException(done, "a finite gradient", "one of norm " + gradient);
    }
    Logged own = new Logged(done + 1, loss, divergence, rate, gradient);
    watch.learned(own, done + 1 == steps).ifPresent(curve::add);
    task.step(1);
    task.note(String.format(Locale.ROOT, "loss %.3f kl %.4f", loss, divergence));
  }

  /** The mean loss of a step's texts, its gradient gathered in portions. */
  private double learn(List<TrainingText> texts) {
    List<TokenBatch> batches = batches(texts, settings.objective().responsesOnly());
    double total = batches.stream().mapToLong(batch -> batch.index().length).sum();
    double loss = 0;
    for (TokenBatch batch : batches) {
      double share = batch.index().length / total;
      loss += share * trainable.crossEntropy(share, batch.tokens(), batch.index(), batch.target());
    }
    return loss;
  }

  /** The mean divergence of a step's out-of-domain texts, its gradient times λ gathered. */
  private double hold(int step) {
    List<TokenBatch> batches = batches(pick(anchors, anchorOrder.orElseThrow().at(step)), false);
    double total = batches.stream().mapToLong(batch -> batch.everywhere().length).sum();
    double weight = settings.objective().klWeight();
    double divergence = 0;
    for (TokenBatch batch : batches) {
      double share = batch.everywhere().length / total;
      divergence +=
          share * trainable.divergence(weight * share, batch.tokens(), batch.everywhere());
    }
    return divergence;
  }

  private List<TokenBatch> batches(List<TrainingText> texts, boolean answersOnly) {
    int size = settings.pace().batch();
    List<TokenBatch> batches = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += size) {
      int to = Math.min(texts.size(), from + size);
      batches.add(TokenBatch.of(texts.subList(from, to), answersOnly));
    }
    return batches;
  }

  private static List<TrainingText> pick(List<TrainingText> from, int[] at) {
    return Arrays.stream(at).mapToObj(from::get).toList();
  }

  private Snapshot snapshot(int done) {
    Solution solution = learned.apply(trainable);
    if (norms.isEmpty() || norms.get(norms.size() - 1).step() < done) {
      norms.add(new NormAt(done, solution.norm()));
    }
    return new Snapshot(done, solution, trainable.state(), watch.memory(), curve, norms);
  }
}
