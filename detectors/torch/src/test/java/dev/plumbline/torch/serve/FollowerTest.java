package dev.plumbline.torch.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.KvCache;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TinyModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text read as it grows must give what reading it at once gives, and leave nothing behind. */
class FollowerTest {
  /**
   * Readouts here reach 10 and about 300 float32 operations stand behind one, each off by at most
   * 2⁻²⁴ of its size either way: 10 · √300 · 2⁻²⁴ is 1e-5.
   */
  private static final double BOUND = 1e-5;

  private static final long ROOM = 1 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"llama_tied", "mistral_window", "qwen3", "llama3_scaled", "qwen2"})
  void feed_inRandomChunksBesideOthers_equalsOnePass(String name) {
    Random random = new Random(name.hashCode());
    try (Engine engine = engine(TinyModel.decoder(name, Precision.FLOAT32), ROOM)) {
      for (int round = 0; round < 3; round++) {
        List<long[]> texts = new ArrayList<>();
        List<Integer> prompts = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
          prompts.add(1 + random.nextInt(20));
          texts.add(TinyModel.tokens(prompts.get(i) + 1 + random.nextInt(40), 50, 31 * round + i));
        }
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
          followers.add(engine.follow(Arrays.copyOf(texts.get(i), prompts.get(i))));
        }
        feedAll(followers, texts, prompts, random);
        for (int i = 0; i < texts.size(); i++) {
          near(values(followers.get(i)), once(engine, texts.get(i), prompts.get(i)));
        }
      }
      assertThat(engine.cacheUse().liveTokens()).isZero();
      assertThat(engine.cacheUse().lapses()).isZero();
    }
  }

  @Test
  void hurry_fewerThanAreWaitedFor_areReadAtOnceAndOnlyThen() throws InterruptedException {
    long[] text = TinyModel.tokens(8, 50, 5);
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32), ROOM)) {
      Follower follower = engine.follow(Arrays.copyOf(text, 4));
      follower.feed(Arrays.copyOfRange(text, 4, 7));
      follower.hurry();
      while (follower.since(0).length < 3) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      follower.feed(Arrays.copyOfRange(text, 7, 8));
      near(values(follower), once(engine, text, 4));
      follower.hurry();
      assertThat(engine.cacheUse().liveTokens()).isZero();
    }
  }

  private static void feedAll(
      List<Follower> followers, List<long[]> texts, List<Integer> prompts, Random random) {
    int[] fed = prompts.stream().mapToInt(Integer::intValue).toArray();
    for (int left = followers.size(); left > 0; ) {
      int i = random.nextInt(fed.length);
      int more = Math.min(random.nextInt(9), texts.get(i).length - fed[i]);
      if (more > 0) {
        assertThat(followers.get(i).feed(Arrays.copyOfRange(texts.get(i), fed[i], fed[i] + more)))
            .isTrue();
        fed[i] += more;
        left -= fed[i] == texts.get(i).length ? 1 : 0;
      }
    }
  }

  @Test
  void follow_nextTurnAndSiblings_readTheCommonBeginningOnce() {
    long[] first = TinyModel.tokens(40, 50, 3);
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32), ROOM)) {
      near(follow(engine, first, 30), once(engine, first, 30));
      assertThat(engine.cacheUse().hits()).isZero();

      long[] second = Arrays.copyOf(first, 60);
      near(follow(engine, second, 50), once(engine, second, 50));
      assertThat(engine.cacheUse().hitTokens()).isEqualTo(40);

      Follower one = engine.follow(Arrays.copyOf(first, 30));
      Follower two = engine.follow(Arrays.copyOf(first, 30));
      one.feed(new long[] {7, 8});
      two.feed(new long[] {9});
      near(values(one), once(engine, with(first, 30, 7, 8), 30));
      near(values(two), once(engine, with(first, 30, 9), 30));
      assertThat(engine.cacheUse().hits()).isEqualTo(3);
      assertThat(engine.cacheUse().hitTokens()).isEqualTo(40 + 30 + 30);
    }
  }

  @Test
  void follow_twoAtOnceThatBeginAlike_waitForEachOther() {
    long[] text = TinyModel.tokens(40, 50, 4);
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32), ROOM)) {
      List<Follower> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        all.add(engine.follow(text));
      }
      all.forEach(follower -> assertThat(values(follower)).isEmpty());
      assertThat(engine.cacheUse().hitTokens()).isEqualTo(4 * 40);
    }
  }

  @Test
  void since_whileUnderWay_givesWhatIsRead() {
    long[] text = TinyModel.tokens(30, 50, 5);
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32), ROOM)) {
      Follower follower = engine.follow(Arrays.copyOf(text, 10));
      follower.feed(Arrays.copyOfRange(text, 10, 10 + Followers.LEAST_AT_ONCE));
      while (follower.since(0).length < Followers.LEAST_AT_ONCE) {
        Thread.onSpinWait();
      }
      assertThat(follower.since(14)).hasDimensions(2, 2);
      assertThat(follower.since(16)).isEmpty();
      follower.feed(Arrays.copyOfRange(text, 26, 30));
      near(values(follower), once(engine, text, 10));
    }
  }

  @Test
  void follow_moreThanTheBoundHolds_evictsThenLapsesAndStaysWithin() {
    Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
    long bound = 3 * KvCache.bytesWithRoom(decoder, 60);
    try (Engine engine = engine(decoder, bound)) {
      for (int i = 0; i < 5; i++) {
        follow(engine, TinyModel.tokens(50, 50, i), 40);
        assertThat(engine.cacheUse().bytes()).isLessThanOrEqualTo(bound);
      }
      assertThat(engine.cacheUse().evictions()).isEqualTo(2);
      List<Follower> open = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        long seed = 100 + i;
        Follower last = engine.follow(TinyModel.tokens(40, 50, seed));
        last.feed(TinyModel.tokens(16, 50, seed));
        open.add(last);
        while (last.since(0).length == 0) {
          Thread.onSpinWait();
        }
      }
      assertThatThrownBy(() -> values(open.get(0))).isInstanceOf(Follower.Lapsed.class);
      assertThat(open.get(0).feed(new long[] {1})).isFalse();
      for (int i = 1; i < 4; i++) {
        assertThat(values(open.get(i))).hasDimensions(16, 2);
      }
      assertThat(engine.cacheUse().lapses()).isEqualTo(1);
      assertThat(engine.cacheUse().bytes()).isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void follow_withRoomForNone_lapses() {
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32), 1)) {
      Follower follower = engine.follow(TinyModel.tokens(4, 50, 1));
      assertThatThrownBy(() -> values(follower))
          .isInstanceOf(Follower.Lapsed.class)
          .hasMessageContaining("1 bytes");
      assertThat(engine.cacheUse().bytes()).isZero();
    }
  }

  @Test
  void feed_whatTheModelCannotRead_isRefusedAndAbandoned() {
    try (Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32), ROOM)) {
      Follower strange = engine.follow(new long[] {1});
      assertThatThrownBy(() -> strange.feed(new long[] {50})).hasMessageContaining("found 50");
      assertThatThrownBy(() -> values(strange)).isInstanceOf(CancellationException.class);
      Follower deep = engine.follow(new long[] {1});
      assertThatThrownBy(() -> deep.feed(new long[64])).hasMessageContaining("found 65");
      assertThatThrownBy(() -> engine.follow(new long[0])).hasMessageContaining("at least one");
      assertThatThrownBy(() -> engine.follow(new long[65])).hasMessageContaining("found 65");
      long[] text = TinyModel.tokens(64, 50, 1);
      near(follow(engine, text, 1), once(engine, text, 1));
    }
  }

  @Test
  void feed_fasterThanTheEngineReads_lapsesAndRefusesNewOnes() {
    // A pass takes 1 token, so 16 may wait.
    Engine.Limits small = new Engine.Limits(4, 4, 1, ROOM);
    Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
    try (Engine engine = new Engine(decoder, readouts(decoder), small)) {
      assertThatThrownBy(() -> engine.follow(new long[17]))
          .isInstanceOf(Engine.QueueFullException.class);
      Follower follower = engine.follow(new long[1]);
      assertThat(follower.feed(new long[17])).isFalse();
      assertThatThrownBy(() -> values(follower)).isInstanceOf(Follower.Lapsed.class);
      long[] text = TinyModel.tokens(9, 50, 2);
      near(follow(engine, text, 3), once(engine, text, 3));
    }
  }

  @Test
  void abandon_manyWays_leavesNoNativeArraysAndNoTokens() {
    Decoder decoder = TinyModel.decoder("llama_tied", Precision.FLOAT32);
    try (Engine engine = engine(decoder, ROOM)) {
      Follower none = engine.follow(new long[] {1});
      none.abandon();
      assertThatThrownBy(() -> values(none)).isInstanceOf(CancellationException.class);
      engine.read(new long[] {1}, 0, Optional.empty()).join();
      int before = TinyModel.arrays(decoder);
      Random random = new Random(2);
      List<Follower> left = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Follower follower = engine.follow(TinyModel.tokens(1 + random.nextInt(30), 50, i));
        if (random.nextBoolean()) {
          follower.feed(TinyModel.tokens(1 + random.nextInt(20), 50, i));
        }
        left.add(follower);
        while (left.size() > 10) {
          left.remove(0).abandon();
        }
      }
      left.forEach(Follower::abandon);
      for (Follower follower : left) {
        assertThatThrownBy(() -> values(follower)).isInstanceOf(CancellationException.class);
      }
      engine.read(new long[] {1}, 0, Optional.empty()).join();
      assertThat(engine.cacheUse().liveTokens()).isZero();
      assertThat(engine.cacheUse().bytes()).isZero();
      assertThat(decoder.openPasses()).isZero();
      assertThat(TinyModel.arrays(decoder)).isEqualTo(before);
    }
  }

  @Test
  void close_withFollowersOpen_failsThem() {
    Engine engine = engine(TinyModel.decoder("llama_tied", Precision.FLOAT32), ROOM);
    Follower follower = engine.follow(TinyModel.tokens(9, 50, 1));
    engine.close();
    assertThatThrownBy(() -> values(follower)).hasMessageContaining("closed");
    assertThatThrownBy(() -> engine.follow(new long[] {1})).hasMessageContaining("closed");
  }

  static Engine engine(Decoder decoder, long cacheBytes) {
    return new Engine(decoder, readouts(decoder), new Engine.Limits(16, 64, 256, cacheBytes));
  }

  private static List<Readout> readouts(Decoder decoder) {
    int width = decoder.shape().hidden();
    return List.of(
        Readout.projection("mid", TapPoint.residMid(0), TinyModel.direction(width, 1)),
        Readout.projection("post", TapPoint.residPost(1), TinyModel.direction(width, 2)));
  }

  private static double[][] follow(Engine engine, long[] text, int prompt) {
    Follower follower = engine.follow(Arrays.copyOf(text, prompt));
    for (int at = prompt; at < text.length; at += 3) {
      follower.feed(Arrays.copyOfRange(text, at, Math.min(text.length, at + 3)));
    }
    return values(follower);
  }

  private static double[][] values(Follower follower) {
    try {
      return follower.end().orTimeout(60, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  private static double[][] once(Engine engine, long[] text, int prompt) {
    return engine.read(text, prompt, Optional.empty()).join();
  }

  private static long[] with(long[] text, int prompt, long... answer) {
    long[] all = Arrays.copyOf(text, prompt + answer.length);
    System.arraycopy(answer, 0, all, prompt, answer.length);
    return all;
  }

  static void near(double[][] found, double[][] wanted) {
    assertThat(found).hasSameDimensionsAs(wanted);
    for (int t = 0; t < wanted.length; t++) {
      for (int k = 0; k < wanted[t].length; k++) {
        assertThat(found[t][k]).as("token %d", t).isCloseTo(wanted[t][k], within(BOUND));
      }
    }
  }
}
