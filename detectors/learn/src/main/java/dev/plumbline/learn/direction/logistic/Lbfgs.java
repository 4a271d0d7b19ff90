package dev.plumbline.learn.direction.logistic;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * One minimisation by L-BFGS (Liu and Nocedal 1989) that asks for values instead of computing them,
 * so that many run side by side on one sweep over the data: {@link #trial} is where the function is
 * wanted, {@link #told} takes it. Steps are halved until the loss falls enough (Armijo). Not
 * thread-safe.
 */
final class Lbfgs {
  private static final int MEMORY = 10;
  private static final int MOST_STEPS = 1000;
  private static final double SMALLEST = 1e-10;

  private record Pair(double[] step, double[] change, double along) {}

  private final double tolerance;
  private final Deque<Pair> pairs = new ArrayDeque<>();
  private double[] at;
  private double[] gradient;
  private double loss;
  private double[] direction;
  private double size;
  private double[] trial;
  private int steps;
  private boolean done;

  /**
   * @param start where it begins; kept
   * @param tolerance the largest component of the gradient at a minimum
   */
  Lbfgs(double[] start, double tolerance) {
    this.tolerance = tolerance;
    this.trial = start;
  }

  /** Where the function is wanted next; read only. */
  double[] trial() {
    return trial;
  }

  boolean done() {
    return done;
  }

  /** The best point so far; read only. */
  double[] minimum() {
    return at;
  }

  /** Takes the function and its gradient at {@link #trial}; the array is kept. */
  void told(double value, double[] slope) {
    if (at == null || value <= loss + 1e-4 * size * Vectors.dot(gradient, direction)) {
      accept(value, slope);
    } else {
      size /= 2;
      done = size < SMALLEST;
      trial = Vectors.plus(at, direction, size);
    }
  }

  private void accept(double value, double[] slope) {
    if (at != null) {
      remember(Vectors.plus(trial, at, -1), Vectors.plus(slope, gradient, -1));
    }
    at = trial;
    loss = value;
    gradient = slope;
    steps++;
    done = largest(slope) <= tolerance || steps > MOST_STEPS;
    direction = direction();
    size = pairs.isEmpty() ? Math.min(1, 1 / Vectors.norm(slope)) : 1;
    trial = Vectors.plus(at, direction, size);
  }

  private void remember(double[] step, double[] change) {
    double along = Vectors.dot(step, change);
    if (along > 0) {
      pairs.addLast(new Pair(step, change, along));
      if (pairs.size() > MEMORY) {
        pairs.removeFirst();
      }
    }
  }

  /** The two loops: {@code −H g} with H from the remembered pairs. */
  private double[] direction() {
    double[] q = Vectors.scaled(gradient, -1);
    double[] shares = new double[pairs.size()];
    int i = pairs.size();
    for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      i--;
      shares[i] = Vectors.dot(pair.step(), q) / pair.along();
      q = Vectors.plus(q, pair.change(), -shares[i]);
    }
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      q = Vectors.scaled(q, last.along() / Vectors.dot(last.change(), last.change()));
    }
    for (Pair pair : pairs) {
      double share = Vectors.dot(pair.change(), q) / pair.along();
      q = Vectors.plus(q, pair.step(), shares[i] - share);
      i++;
    }
    return q;
  }

  private static double largest(double[] slope) {
    double largest = 0;
    for (double each : slope) {
      largest = Math.max(largest, Math.abs(each));
    }
    return largest;
  }
}
