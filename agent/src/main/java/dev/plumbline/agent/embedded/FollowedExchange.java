package dev.plumbline.agent.embedded;

import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * One exchange under way: callers leave text in its inbox, the encoding thread empties it. At most
 * one task of an exchange waits at a time.
 */
final class FollowedExchange implements Following {
  /** Choices that are followed; further ones are read at the end. */
  private static final int MOST_CHOICES = 16;

  private final FollowDesk desk;
  private final Prompt prompt;
  private final Priority priority;

  /** Guarded by this, down to the mark. */
  private final Map<Integer, StringBuilder> inbox = new TreeMap<>();

  private int units;
  private boolean scheduled;
  private boolean hurried;
  private boolean over;
  private boolean abandoned;
  private Runnable ending;
  private CompletableFuture<Reading> result;

  /** Written by the encoding thread only. */
  private final ConcurrentSkipListMap<Integer, FollowedChoice> choices =
      new ConcurrentSkipListMap<>();

  private long[] ids;
  private boolean unreadable;

  /** Readouts that were scored when a score was last told. */
  private int scored;

  private volatile DoubleConsumer told = score -> {};

  FollowedExchange(FollowDesk desk, Prompt prompt, Priority priority) {
    this.desk = desk;
    this.prompt = prompt;
    this.priority = priority;
  }

  synchronized void begin() {
    schedule();
  }

  @Override
  public synchronized void feed(int choice, String text) {
    if (over || text.isEmpty() || choice < 0 || choice >= MOST_CHOICES) {
      return;
    }
    if (!desk.take(text.length())) {
      desk.lapsed();
      abandon();
      return;
    }
    units += text.length();
    inbox.computeIfAbsent(choice, c -> new StringBuilder()).append(text);
    schedule();
  }

  @Override
  public void scores(DoubleConsumer to) {
    told = to;
  }

  /** Of one choice, or the worst of all. */
  private void tell(Reading reading) {
    reading.score().ifPresent(told);
  }

  @Override
  public Reading soFar() {
    List<CompletableFuture<Reading>> readings = new ArrayList<>();
    choices
        .values()
        .forEach(
            choice ->
                choice
                    .soFar()
                    .ifPresent(found -> readings.add(CompletableFuture.completedFuture(found))));
    return readings.isEmpty()
        ? Reading.unscored(UnscoredReason.NO_HIDDEN_STATES)
        : ReaderTap.worst(readings);
  }

  @Override
  public List<Prefix> prefixes() {
    List<Prefix> known = new ArrayList<>();
    choices.forEach((index, choice) -> choice.prefix(index).ifPresent(known::add));
    return known;
  }

  @Override
  public synchronized void hurry() {
    if (!over && !hurried) {
      hurried = schedule();
    }
  }

  @Override
  public CompletionStage<Reading> end(ExchangeText whole, BooleanSupplier given) {
    CompletableFuture<Reading> told = new CompletableFuture<>();
    return ends(whole, given, told) ? told : readWhole(whole, given);
  }

  /** Leaves the end to the encoding thread; false if nothing was followed that is of use. */
  private synchronized boolean ends(
      ExchangeText whole, BooleanSupplier given, CompletableFuture<Reading> told) {
    if (over) {
      return false;
    }
    if (!whole.prompt().equals(prompt)) {
      desk.mismatch();
      abandon();
      return false;
    }
    over = true;
    result = told;
    ending = () -> finish(whole, given, told);
    return schedule();
  }

  @Override
  public synchronized void abandon() {
    if (abandoned || (result != null && result.isDone())) {
      return;
    }
    over = true;
    abandoned = true;
    desk.release(units);
    units = 0;
    inbox.clear();
    schedule();
  }

  /** Under the monitor. */
  private boolean schedule() {
    if (!scheduled) {
      scheduled = desk.run(this::work);
    }
    return scheduled;
  }

  /** On the encoding thread. */
  private void work() {
    Map<Integer, StringBuilder> texts;
    Runnable last;
    boolean drop;
    boolean hurry;
    synchronized (this) {
      scheduled = false;
      hurry = hurried;
      hurried = false;
      texts = new TreeMap<>(inbox);
      inbox.clear();
      desk.release(units);
      units = 0;
      last = ending;
      ending = null;
      drop = abandoned;
    }
    if (drop) {
      dropChoices();
    } else {
      read(texts);
      if (hurry) {
        choices.values().forEach(FollowedChoice::hurry);
      }
      tellIfNew();
    }
    if (last != null) {
      last.run();
    }
  }

  private void read(Map<Integer, StringBuilder> texts) {
    try {
      if (ids == null && !unreadable) {
        ids = desk.prompts().encode(prompt);
        choices.put(0, new FollowedChoice(desk, ids, priority, this::tell));
      }
      texts.forEach((choice, text) -> feedChoice(choice, text.toString()));
    } catch (RuntimeException e) {
      // A prompt without a rendering, or a broken tokenizer: the whole is read, and says why.
      unreadable = true;
      dropChoices();
    }
  }

  private void tellIfNew() {
    int now = choices.values().stream().mapToInt(FollowedChoice::advance).sum();
    if (now > scored) {
      scored = now;
      tell(soFar());
    }
  }

  private void feedChoice(int index, String text) {
    if (!unreadable) {
      choices
          .computeIfAbsent(index, i -> new FollowedChoice(desk, ids, priority, this::tell))
          .feed(text);
    }
  }

  private void dropChoices() {
    choices.values().forEach(FollowedChoice::abandon);
  }

  private void finish(ExchangeText whole, BooleanSupplier given, CompletableFuture<Reading> told) {
    CompletionStage<Reading> found;
    try {
      found = reading(whole, given);
    } catch (RuntimeException e) {
      dropChoices();
      found = CompletableFuture.failedFuture(e);
    }
    found.whenComplete(
        (reading, failure) -> {
          if (failure == null) {
            told.complete(reading);
          } else {
            told.completeExceptionally(failure);
          }
        });
  }

  private CompletionStage<Reading> reading(ExchangeText whole, BooleanSupplier given) {
    if (given.getAsBoolean()) {
      dropChoices();
      return CompletableFuture.completedFuture(Reading.unscored(UnscoredReason.DEADLINE_PASSED));
    }
    if (unreadable || ids == null) {
      return readWhole(whole, given);
    }
    List<String> answers = whole.answers();
    List<CompletableFuture<Reading>> readings = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      FollowedChoice choice = choices.get(i);
      String answer = answers.get(i);
      readings.add(choice == null ? readWhole(answer, given) : choice.end(answer, given));
    }
    choices.tailMap(answers.size()).values().forEach(FollowedChoice::abandon);
    return CompletableFuture.allOf(readings.toArray(CompletableFuture[]::new))
        .thenApply(done -> ReaderTap.worst(readings).asked(whole.prompt()));
  }

  private CompletableFuture<Reading> readWhole(String answer, BooleanSupplier given) {
    desk.readWhole();
    return desk.whole().read(ids, desk.prompts().answer(answer), priority, given);
  }

  private CompletionStage<Reading> readWhole(ExchangeText whole, BooleanSupplier given) {
    desk.readWhole();
    return desk.whole().read(whole, given);
  }
}
