package dev.plumbline.learn.compare;

import java.util.List;
import java.util.Random;

/**
 * One solution of a task: what was trained, θ̂, with a length and an inner product by which
 * solutions of the same kind are compared. Immutable.
 */
public sealed interface Change permits AdapterChange, VectorChange {
  String name();

  /** ‖θ̂‖ of what it does to the weights: see the kinds. 0 only before training. */
  double norm();

  /** The model under c·θ̂; 0 is the bare model. */
  Applied at(double scale);

  /** The model under the solution's unit direction times a norm. */
  default Applied atNorm(double norm) {
    return at(norm / norm());
  }

  /** The same turned by {@link Rotation}, each part by itself. */
  Change turned(double epsilon, Random random);

  /** The control: another solution of the same form and norm, drawn at random. */
  Change random(String name, Random random);

  /** ⟨θ₁, θ₂⟩ of what two solutions do to the weights; of one kind and model. */
  double inner(Change other);

  /**
   * The same, of the parts that write: B of adapters, the vector itself. Of adapters it means
   * something where ranks and modules are the same, and the A they started from.
   */
  double innerWriters(Change other);

  /** What must be equal for {@link #innerWriters}: ranks and modules, or layer and width. */
  Object form();

  /** Whether all have one form. */
  static boolean sameForm(List<Change> changes) {
    return changes.stream().map(Change::form).distinct().count() == 1;
  }
}
