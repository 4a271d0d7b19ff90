package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.TokenScores;
import dev.plumbline.core.artefact.ModelShift;
import dev.plumbline.torch.text.TextTokenizer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The scores and the model shift of one answer, token by token. One thread. */
final class AnswerReading {
  private final Directions directions;
  private final DirectionScore main;
  private final Map<String, DirectionScore> beside = new LinkedHashMap<>();
  private int awaited;
  private int tokens;
  private int judged;
  private double shiftSum;
  private long nanos;

  /** Null where no tokens are kept. */
  private final TokenLog log;

  AnswerReading(Directions directions) {
    this.directions = directions;
    this.main = new DirectionScore(directions.main());
    directions.beside().forEach((name, each) -> beside.put(name, new DirectionScore(each)));
    this.awaited = directions.lead();
    this.log = directions.keep().map(TokenLog::new).orElse(null);
  }

  /**
   * Takes what a reader gives: first the tokens before the answer that {@link Directions#lead} asks
   * for, then the answer's, {@code [K]} each.
   */
  void next(double[] readouts) {
    if (awaited > 0) {
      prompted(readouts);
    } else {
      add(null, readouts);
    }
  }

  /** Takes the last prompt token, read by the aligned reference, {@code [K]}. */
  void prompted(double[] reference) {
    awaited = 0;
    main.prompted(reference);
    beside.values().forEach(score -> score.prompted(reference));
  }

  /**
   * Takes the next answer token.
   *
   * @param serving readouts of the states that serve, {@code [K]}; null where none were seen
   * @param reference readouts of the aligned reference, {@code [K]}
   * @return the score of the answer so far
   */
  double add(double[] serving, double[] reference) {
    long start = System.nanoTime();
    tokens++;
    double now = main.add(reference);
    beside.values().forEach(score -> score.add(reference));
    if (serving != null && directions.main().modelShift().isPresent()) {
      shiftSum += serving[directions.main().shiftReadout()];
    }
    if (directions.main().artefact().calibration().checkpoints().at(tokens)) {
      judged = tokens;
    }
    if (log != null) {
      log.read(reference, now);
    }
    nanos += System.nanoTime() - start;
    return now;
  }

  /** The text of the next token, in the tokens' order. */
  void said(String text) {
    if (log != null) {
      log.said(text);
    }
  }

  /** The tokens of the whole answer. */
  void said(TextTokenizer tokenizer, long[] ids) {
    if (log != null) {
      log.said(tokenizer, ids);
    }
  }

  /** Answer tokens that {@link #soFar} has judged: up to the last checkpoint. */
  int judged() {
    return judged;
  }

  /** Answer tokens taken. */
  int tokens() {
    return tokens;
  }

  /** The reading of the answer, which is whole. */
  Reading reading(boolean servingSeen) {
    return reading(DirectionScore::whole, servingSeen, Optional.ofNullable(log).map(TokenLog::end));
  }

  /**
   * The reading of an answer under way, by the threshold for streams; one of the last prompt token
   * is there before the answer is.
   */
  Reading soFar() {
    return reading(DirectionScore::soFar, false, Optional.empty());
  }

  private Reading reading(
      Function<DirectionScore, DirectionReading> of,
      boolean servingSeen,
      Optional<TokenScores> kept) {
    DirectionReading judged = of.apply(main);
    Map<String, DirectionReading> others = new LinkedHashMap<>();
    beside.forEach((name, score) -> others.put(name, of.apply(score)));
    return new Reading(
        judged.verdict(),
        judged.z(),
        servingSeen && judged.z().isPresent() ? shift() : OptionalDouble.empty(),
        tokens,
        Optional.of(directions.main().name()),
        Duration.ofNanos(nanos),
        others,
        kept);
  }

  private OptionalDouble shift() {
    Optional<ModelShift> baseline = directions.main().modelShift();
    return baseline.isEmpty() || tokens == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(baseline.get().z(shiftSum / tokens));
  }
}
