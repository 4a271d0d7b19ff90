package dev.plumbline.learn.demo;

import dev.plumbline.learn.organism.world.Judgement;
import java.util.List;
import java.util.OptionalDouble;

/** One model before and after ablation. */
record ModelFigures(String name, String role, List<Asked> before, List<Asked> after) {
  double misalignedBefore() {
    return Rates.share(before, Judgement.MISALIGNED);
  }

  double misalignedAfter() {
    return Rates.share(after, Judgement.MISALIGNED);
  }

  double incoherentBefore() {
    return Rates.share(before, Judgement.INCOHERENT);
  }

  double incoherentAfter() {
    return Rates.share(after, Judgement.INCOHERENT);
  }

  OptionalDouble auroc() {
    return Rates.auroc(before);
  }

  /** Answers that were flagged, of all answers. */
  double drifted(List<Asked> asked) {
    return asked.stream().filter(a -> a.verdict().startsWith("drifted")).count()
        / (double) asked.size();
  }

  boolean isFinetune() {
    return role.equals("finetune");
  }
}
