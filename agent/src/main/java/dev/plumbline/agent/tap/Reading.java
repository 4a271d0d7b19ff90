package dev.plumbline.agent.tap;

import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What a tap and the scoring behind it found in one exchange.
 *
 * @param verdict aligned, drifted, or unscored with the reason
 * @param z the standardised readout behind the score; goes to events, never to a histogram
 * @param modelShift how far the serving model's own states have moved, where it was measured
 * @param tokensScored answer tokens whose hidden states were read
 * @param direction the artefact's name, absent when there is none
 * @param scoringTime time spent on scoring, waiting left out
 * @param directions what the directions read beside that one say, by configured name; empty where
 *     there are none or nothing was read
 * @param tokens what was read of each token; present only where that is kept
 */
public record Reading(
    Verdict verdict,
    OptionalDouble z,
    OptionalDouble modelShift,
    int tokensScored,
    Optional<String> direction,
    Duration scoringTime,
    Map<String, DirectionReading> directions,
    Optional<TokenScores> tokens) {
  /** Without its tokens. */
  public Reading(
      Verdict verdict,
      OptionalDouble z,
      OptionalDouble modelShift,
      int tokensScored,
      Optional<String> direction,
      Duration scoringTime,
      Map<String, DirectionReading> directions) {
    this(
        verdict, z, modelShift, tokensScored, direction, scoringTime, directions, Optional.empty());
  }

  /** Of one direction alone. */
  public Reading(
      Verdict verdict,
      OptionalDouble z,
      OptionalDouble modelShift,
      int tokensScored,
      Optional<String> direction,
      Duration scoringTime) {
    this(verdict, z, modelShift, tokensScored, direction, scoringTime, Map.of());
  }

  public Reading {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(z, "z");
    Objects.requireNonNull(modelShift, "modelShift");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(scoringTime, "scoringTime");
    Objects.requireNonNull(tokens, "tokens");
    directions = Collections.unmodifiableMap(new TreeMap<>(directions));
    if (tokensScored < 0 || scoringTime.isNegative()) {
      throw new IllegalArgumentException(
          "wanted tokens and time of at least 0, found " + tokensScored + ", " + scoringTime);
    }
  }

  /** Nothing was read, for this reason. */
  public static Reading unscored(UnscoredReason reason) {
    return new Reading(
        new Verdict.Unscored(reason),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        0,
        Optional.empty(),
        Duration.ZERO);
  }

  /** The same with what other directions say. */
  public Reading with(Map<String, DirectionReading> others) {
    return new Reading(
        verdict, z, modelShift, tokensScored, direction, scoringTime, others, tokens);
  }

  private Reading keeping(Optional<TokenScores> others) {
    return new Reading(
        verdict, z, modelShift, tokensScored, direction, scoringTime, directions, others);
  }

  /** The same, its tokens with what was asked, where texts are kept. */
  public Reading asked(Prompt prompt) {
    return tokens.isEmpty() ? this : keeping(tokens.map(kept -> kept.asked(prompt)));
  }

  /** The same without its tokens. */
  public Reading bare() {
    return tokens.isEmpty() ? this : keeping(Optional.empty());
  }

  /**
   * What each direction says of several choices: the worst of them, by its own verdict.
   *
   * @param choices read with the same directions, or not read at all
   */
  public static Map<String, DirectionReading> worstOfEach(List<Reading> choices) {
    Map<String, List<DirectionReading>> all = new TreeMap<>();
    for (Reading choice : choices) {
      choice.directions.forEach(
          (name, found) -> all.computeIfAbsent(name, n -> new ArrayList<>()).add(found));
    }
    Map<String, DirectionReading> worst = new TreeMap<>();
    all.forEach((name, found) -> worst.put(name, DirectionReading.worst(found)));
    return worst;
  }

  /** The score, when there is one. */
  public OptionalDouble score() {
    return score(verdict);
  }

  static OptionalDouble score(Verdict verdict) {
    if (verdict instanceof Verdict.Drifted drifted) {
      return OptionalDouble.of(drifted.score());
    }
    return verdict instanceof Verdict.Aligned aligned
        ? OptionalDouble.of(aligned.score())
        : OptionalDouble.empty();
  }

  /** Why there is no score, when there is none. */
  public Optional<UnscoredReason> reason() {
    return verdict instanceof Verdict.Unscored unscored
        ? Optional.of(unscored.reason())
        : Optional.empty();
  }
}
