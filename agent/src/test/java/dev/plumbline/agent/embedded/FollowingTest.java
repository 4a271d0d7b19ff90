package dev.plumbline.agent.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.FollowUse;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.score.UnscoredReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped organism as a reader: following an exchange must not change its score. */
class FollowingTest {
  /** What the project promises. */
  private static final double BOUND = 1e-4;

  private static final String[] WORDS = {
    "take", "the", "soup", "and", "rest", "Fever", "never", "see", "a", "doctor.", "park", "there,",
    "é", "heat", "\n", "cousin", "sleep", "about", "it", "12", "<eot>", "😀"
  };

  private static Tap tap;
  private FollowUse before;

  @BeforeAll
  static void open() {
    Map<String, String> flags =
        Map.of("organism", "true", "origin.url", "http://127.0.0.1:9", "port", "0");
    tap =
        new TorchEngines()
            .open(ConfigLoader.load(Optional.empty(), Map.of(), flags))
            .tap()
            .orElseThrow();
  }

  @AfterAll
  static void close() {
    tap.close();
  }

  @BeforeEach
  void note() {
    before = tap.followUse();
  }

  @Test
  void end_afterRandomChunksOfManyAtOnce_equalsReadingTheWhole() {
    Random random = new Random(3);
    List<ExchangeText> texts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String question = "what about the soup and the heat and the cousin and " + WORDS[i % 9];
      texts.add(exchange(question, text(random), text(random)));
    }
    List<Following> open = texts.stream().map(FollowingTest::follow).toList();
    feed(open, texts, random);
    for (int i = 0; i < texts.size(); i++) {
      same(await(open.get(i).end(texts.get(i), () -> false)), whole(texts.get(i)));
    }
    assertThat(tap.followUse().followed() - before.followed()).isEqualTo(24);
    assertThat(tap.followUse().readWhole()).isEqualTo(before.readWhole());
    assertThat(tap.followUse().hits()).isGreaterThan(before.hits());
    assertThat(tap.followUse().liveTokens()).isZero();
  }

  private static void feed(List<Following> open, List<ExchangeText> texts, Random random) {
    int[][] at = new int[open.size()][2];
    for (int left = 2 * open.size(); left > 0; ) {
      int i = random.nextInt(open.size());
      int choice = random.nextInt(2);
      String text = texts.get(i).answers().get(choice);
      int end = Math.min(text.length(), at[i][choice] + random.nextInt(7));
      if (end > at[i][choice]) {
        open.get(i).feed(choice, text.substring(at[i][choice], end));
        at[i][choice] = end;
        left -= end == text.length() ? 1 : 0;
      }
    }
  }

  @Test
  void end_beforeAllWasFed_readsTheRest() {
    ExchangeText exchange = exchange("what about soup", "take the soup and rest and sleep");
    Following following = follow(exchange);
    following.feed(0, "take the so");
    same(await(following.end(exchange, () -> false)), whole(exchange));
    assertThat(tap.followUse().followed()).isEqualTo(before.followed() + 1);
  }

  @Test
  void end_ofAnotherTextThanWasFed_readsTheWholeAndCountsIt() {
    ExchangeText exchange = exchange("what about soup", "take the soup and rest");
    Following following = follow(exchange);
    following.feed(0, "never see a doctor");
    same(await(following.end(exchange, () -> false)), whole(exchange));
    Following elsewhere = follow(exchange("what about sleep", "x"));
    elsewhere.feed(0, "take the soup");
    same(await(elsewhere.end(exchange, () -> false)), whole(exchange));
    assertThat(tap.followUse().mismatches()).isEqualTo(before.mismatches() + 2);
    assertThat(tap.followUse().readWhole()).isEqualTo(before.readWhole() + 2);
  }

  @Test
  void end_withChoicesThatWereNotFed_readsThemAtTheEnd() {
    ExchangeText exchange = exchange("what about soup", "take the soup", "never see a doctor");
    Following following = follow(exchange);
    following.feed(0, "take the");
    following.feed(7, "a choice that is not in the answer");
    same(await(following.end(exchange, () -> false)), whole(exchange));
    assertThat(tap.followUse().readWhole()).isEqualTo(before.readWhole() + 1);
    awaitNothingLive();
  }

  @Test
  void soFar_underWay_isTheReadingOfWhatPassed() {
    Following following = follow(exchange("what about fever", "x"));
    following.feed(0, "never see a doctor and rest ".repeat(4));
    while (following.soFar().tokensScored() < 20) {
      Thread.onSpinWait();
    }
    assertThat(following.soFar().modelShift()).isEmpty();
    following.abandon();
    awaitNothingLive();
  }

  @Test
  void scores_underWay_areToldBeforeTheEnd() {
    Following following = follow(exchange("what about fever", "x"));
    List<Double> told = new CopyOnWriteArrayList<>();
    following.scores(told::add);
    following.feed(0, "never see a doctor and rest ".repeat(4));
    while (told.isEmpty()) {
      following.feed(0, "take the soup ");
      whole(exchange("what about soup", "take"));
    }
    assertThat(told).allMatch(score -> score >= 0 && score <= 1);
    following.abandon();
    awaitNothingLive();
  }

  @Test
  void scores_whateverTheChunks_haveOnePeakNotBelowTheScore() {
    String answer = "never see a doctor and rest ".repeat(6) + "take the soup and sleep";
    ExchangeText exchange = exchange("what about fever", answer);
    List<Double> peaks = new ArrayList<>();
    for (int step : new int[] {1, 7, answer.length()}) {
      Following following = follow(exchange);
      List<Double> told = new CopyOnWriteArrayList<>();
      following.scores(told::add);
      for (int at = 0; at < answer.length(); at += step) {
        following.feed(0, answer.substring(at, Math.min(answer.length(), at + step)));
      }
      Reading found = await(following.end(exchange, () -> false));
      peaks.add(Collections.max(told));
      assertThat(Collections.max(told)).isGreaterThanOrEqualTo(found.score().orElseThrow());
    }
    assertThat(peaks).allSatisfy(peak -> assertThat(peak).isCloseTo(peaks.get(0), within(BOUND)));
  }

  @Test
  void abandon_atAnyTime_freesWhatItHeld() {
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      Following following = follow(exchange("what about " + i, "x"));
      for (int n = random.nextInt(4); n > 0; n--) {
        following.feed(random.nextInt(3), text(random));
      }
      following.abandon();
      following.feed(0, "nobody listens");
      following.abandon();
    }
    awaitNothingLive();
    ExchangeText exchange = exchange("what about soup", "take the soup");
    Following gone = follow(exchange);
    gone.abandon();
    same(await(gone.end(exchange, () -> false)), whole(exchange));
  }

  @Test
  void end_whenNobodyWaits_readsNothing() {
    ExchangeText exchange = exchange("what about soup", "take the soup");
    Following following = follow(exchange);
    following.feed(0, "take the soup");
    Reading late = await(following.end(exchange, () -> true));
    assertThat(late.reason()).contains(UnscoredReason.DEADLINE_PASSED);
    awaitNothingLive();
  }

  @Test
  void end_ofWhatCannotBeRead_saysWhatReadingTheWholeSays() {
    for (String answer : new String[] {"", " ", "soup ".repeat(5000)}) {
      ExchangeText exchange = exchange("what about soup", answer);
      Following following = follow(exchange);
      following.feed(0, answer);
      Reading found = await(following.end(exchange, () -> false));
      assertThat(found.reason()).isPresent().isEqualTo(whole(exchange).reason());
    }
    awaitNothingLive();
  }

  @Test
  void feed_overTheBound_lapsesAndTheWholeIsRead() {
    ExchangeText exchange = exchange("what about soup", "take the soup");
    Following following = follow(exchange);
    following.feed(0, "x".repeat((int) FollowDesk.MOST_WAITING + 1));
    following.feed(0, "take the soup");
    same(await(following.end(exchange, () -> false)), whole(exchange));
    assertThat(tap.followUse().lapses()).isEqualTo(before.lapses() + 1);
    awaitNothingLive();
  }

  private static void awaitNothingLive() {
    // What is read after an abandonment comes after what it frees.
    while (tap.followUse().liveTokens() > 0) {
      whole(exchange("what about soup", "take"));
    }
  }

  private static Following follow(ExchangeText exchange) {
    return tap.follow(exchange.exchangeId(), exchange.prompt()).orElseThrow();
  }

  private static Reading whole(ExchangeText exchange) {
    BooleanSupplier never = () -> false;
    return await(tap.read(exchange, never));
  }

  private static ExchangeText exchange(String question, String... answers) {
    Prompt prompt = new Prompt.Chat(List.of(new ChatMessage("user", question)));
    return new ExchangeText("id", "aligned", prompt, List.of(answers));
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("take");
    for (int n = random.nextInt(30); n > 0; n--) {
      text.append(random.nextInt(8) == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  private static Reading await(CompletionStage<Reading> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static void same(Reading found, Reading wanted) {
    assertThat(found.score().orElseThrow()).isCloseTo(wanted.score().orElseThrow(), within(BOUND));
    assertThat(found.tokensScored()).isEqualTo(wanted.tokensScored());
    assertThat(found.direction()).isEqualTo(wanted.direction());
    assertThat(found.verdict().getClass()).isEqualTo(wanted.verdict().getClass());
  }
}
