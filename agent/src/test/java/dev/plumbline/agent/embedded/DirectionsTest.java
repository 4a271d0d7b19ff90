package dev.plumbline.agent.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.tap.DirectionReading;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Following;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.pooling.ExponentialMean;
import dev.plumbline.core.pooling.LastPromptToken;
import dev.plumbline.core.pooling.RunningMean;
import dev.plumbline.core.pooling.SlidingMaximum;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.torch.artefact.ArtefactFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several directions in one pass, of every pooling: followed, read whole, and each by itself. */
class DirectionsTest {
  private static final double BOUND = 1e-4;
  private static final String LONG =
      "never see a doctor and rest and take the soup and sleep about it ".repeat(3);

  @TempDir private static Path folder;
  private static Tap tap;

  private static Map<String, Path> beside() {
    Map<String, Path> beside = new HashMap<>();
    beside.put("mean", PooledArtefacts.pooled(folder, new RunningMean()));
    beside.put("recent", PooledArtefacts.pooled(folder, new ExponentialMean(8)));
    beside.put("worst", PooledArtefacts.pooled(folder, new SlidingMaximum(4)));
    beside.put("early", PooledArtefacts.pooled(folder, new LastPromptToken()));
    beside.put("noise", PooledArtefacts.random(folder, 3, 5));
    return beside;
  }

  @BeforeAll
  static void open() {
    tap = reader(Map.of(), beside());
  }

  @AfterAll
  static void close() {
    tap.close();
  }

  @Test
  void follow_everyPooling_equalsReadingTheWhole() {
    Random random = new Random(11);
    for (int i = 0; i < 8; i++) {
      String answer = LONG.substring(0, 30 + random.nextInt(LONG.length() - 30));
      ExchangeText exchange = exchange("what about the soup " + i, answer, "take the soup");
      Following following = tap.follow("id", exchange.prompt()).orElseThrow();
      for (int at = 0; at < answer.length(); at += 5) {
        following.feed(0, answer.substring(at, Math.min(answer.length(), at + 5)));
      }
      Reading followed = await(following.end(exchange, () -> false));
      Reading whole = await(tap.read(exchange, () -> false));
      assertThat(followed.directions().keySet())
          .containsExactly("early", "mean", "noise", "recent", "worst");
      same(followed, whole);
    }
  }

  @Test
  void read_besideOthers_equalsEachDirectionByItself() {
    ExchangeText exchange = exchange("what about fever", LONG);
    Reading together = await(tap.read(exchange, () -> false));
    beside()
        .forEach(
            (name, path) -> {
              if (name.equals("mean") || name.equals("early")) {
                try (Tap alone = reader(Map.of(), Map.of("only", path))) {
                  Reading found = await(alone.read(exchange, () -> false));
                  near(together.directions().get(name), found.directions().get("only"));
                  near(main(together), main(found));
                }
              }
            });
    assertThat(together.directions().get("mean").z().orElseThrow())
        .isNotEqualTo(together.directions().get("noise").z().orElseThrow());
  }

  @Test
  void soFar_ofTheLastPromptToken_isThereBeforeTheAnswer() {
    ExchangeText exchange = exchange("what about fever", LONG);
    Following following = tap.follow("id", exchange.prompt()).orElseThrow();
    while (following.soFar().directions().isEmpty()) {
      Thread.onSpinWait();
    }
    Reading early = following.soFar();
    assertThat(early.tokensScored()).isZero();
    assertThat(early.reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    assertThat(early.directions().get("early").score()).isPresent();
    assertThat(early.directions().get("mean").score()).isEmpty();
    Reading whole = await(following.end(exchange, () -> false));
    near(early.directions().get("early"), whole.directions().get("early"));
  }

  @Test
  void read_otherAnswersToOnePrompt_haveOneEarlyWarning() {
    Reading one = await(tap.read(exchange("what about fever", "take the soup"), () -> false));
    Reading two = await(tap.read(exchange("what about fever", LONG), () -> false));
    Reading other = await(tap.read(exchange("what about heat", LONG), () -> false));
    near(one.directions().get("early"), two.directions().get("early"));
    assertThat(other.directions().get("early").z()).isNotEqualTo(two.directions().get("early").z());
  }

  @Test
  void read_promptWithoutTokens_hasNoEarlyWarningAndHarmsNobody() {
    ExchangeText empty =
        new ExchangeText("id", "aligned", new Prompt.Raw(""), List.of("take the soup"));
    Following following = tap.follow("id", empty.prompt()).orElseThrow();
    following.feed(0, "take the soup");
    Reading followed = await(following.end(empty, () -> false));
    assertThat(followed.reason()).isEqualTo(await(tap.read(empty, () -> false)).reason());
    assertThat(await(tap.read(exchange("soup", "take it"), () -> false)).score()).isPresent();
  }

  @Test
  void open_severalThatDoNotFit_areRefusedInOneError() {
    Artefact old = PooledArtefacts.shipped();
    Path one = misfit(old, "one");
    Path two = misfit(old, "two");
    CommandFailure failure =
        catchThrowableOfType(
            CommandFailure.class, () -> reader(Map.of(), Map.of("a", one, "b", two)));
    assertThat(failure.code()).isEqualTo(ExitCode.NOT_FITTING);
    assertThat(failure)
        .hasMessageContaining("one.direction does not fit")
        .hasMessageContaining("two.direction does not fit")
        .hasMessageContaining("vocabulary");
  }

  @Test
  void open_onAGpuThatIsNotThere_isRefused() {
    CommandFailure failure =
        catchThrowableOfType(
            CommandFailure.class, () -> reader(Map.of("device", "gpu:99"), Map.of()));
    assertThat(failure.code()).isEqualTo(ExitCode.NOT_FITTING);
    assertThat(failure).hasMessageContaining("device gpu:99: wanted CUDA, found");
  }

  private static Path misfit(Artefact old, String name) {
    ModelPin pin = old.model();
    Artefact other =
        new Artefact(
            old.formatVersion(),
            name,
            old.created(),
            new ModelPin(
                pin.id(),
                pin.revision(),
                pin.architecture(),
                pin.layers(),
                pin.hidden(),
                pin.vocabulary() + 1,
                pin.tokenizerHash(),
                pin.templateHash(),
                pin.weightFingerprint()),
            old.validatedFingerprints(),
            old.directions(),
            old.probe(),
            old.calibration(),
            old.mask(),
            old.sign(),
            old.provenance(),
            old.quality(),
            old.modelShift());
    Path path = ArtefactFolder.named(folder, other);
    ArtefactFolder.write(other, path);
    return path;
  }

  private static Tap reader(Map<String, String> more, Map<String, Path> beside) {
    Map<String, String> flags = new HashMap<>(more);
    flags.putAll(Map.of("organism", "true", "origin.url", "http://127.0.0.1:9", "port", "0"));
    beside.forEach((name, path) -> flags.put("directions." + name, path.toString()));
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags);
    return new TorchEngines().open(config).tap().orElseThrow();
  }

  private static ExchangeText exchange(String question, String... answers) {
    Prompt prompt = new Prompt.Chat(List.of(new ChatMessage("user", question)));
    return new ExchangeText("id", "aligned", prompt, List.of(answers));
  }

  private static Reading await(CompletionStage<Reading> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static DirectionReading main(Reading reading) {
    return new DirectionReading(reading.verdict(), reading.z());
  }

  private static void same(Reading found, Reading wanted) {
    near(main(found), main(wanted));
    assertThat(found.tokensScored()).isEqualTo(wanted.tokensScored());
    List<String> names = new ArrayList<>(wanted.directions().keySet());
    names.forEach(name -> near(found.directions().get(name), wanted.directions().get(name)));
  }

  private static void near(DirectionReading found, DirectionReading wanted) {
    assertThat(found.score().orElseThrow()).isCloseTo(wanted.score().orElseThrow(), within(BOUND));
    assertThat(found.z().orElseThrow()).isCloseTo(wanted.z().orElseThrow(), within(BOUND));
  }
}
