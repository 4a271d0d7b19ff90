package dev.plumbline.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.fleet.CommandBook.Way;
import dev.plumbline.agent.fleet.FleetCommand.Verb;
import dev.plumbline.core.sign.Purpose;
import dev.plumbline.core.sign.Signature;
import dev.plumbline.core.sign.TrustedKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which commands count, and that the order in which they come does not. */
class CommandBookTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Duration AGE = Duration.ofHours(24);

  @TempDir private Path dir;
  private Keys ops;
  private Keys other;

  @BeforeEach
  void keys() {
    ops = new Keys(dir, "ops");
    other = new Keys(dir, "other");
  }

  private CommandBook book() {
    return new CommandBook(
        "prod", TrustedKeys.of(List.of(ops.open)), AGE, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static Object why(CommandBook.Outcome outcome) {
    return outcome instanceof CommandBook.Refused refused ? refused.why() : outcome.getClass();
  }

  @Test
  void offer_goodCommand_holds() {
    CommandBook book = book();
    SignedCommand off = ops.sign("prod", 1, NOW, Verb.OFF, "");
    assertThat(book.offer(off, Way.OPERATOR)).isInstanceOf(CommandBook.Accepted.class);
    assertThat(book.held("switch")).isPresent();
    assertThat(book.offer(off, Way.MEMBER)).isInstanceOf(CommandBook.Known.class);
    assertThat(why(book.offer(off, Way.OPERATOR))).isEqualTo(Refusal.REPLAYED);
  }

  @Test
  void offer_whatIsWrong_isRefusedWithItsReason() {
    CommandBook book = book();
    SignedCommand good = ops.sign("prod", 9, NOW, Verb.OFF, "");
    byte[] changed =
        new String(good.message(), StandardCharsets.UTF_8)
            .replace("\"off\"", "\"on\"")
            .getBytes(StandardCharsets.UTF_8);
    byte[] newer = "{\"version\":2,\"order\":\"dance\"}".getBytes(StandardCharsets.UTF_8);
    byte[] noise = "no json".getBytes(StandardCharsets.UTF_8);
    Instant longAgo = NOW.minus(AGE).minusSeconds(1);
    assertThat(why(book.offer(new SignedCommand(good.message(), Optional.empty()), Way.MEMBER)))
        .isEqualTo(Refusal.UNSIGNED);
    assertThat(why(book.offer(SignedCommand.received(good.message(), "x"), Way.MEMBER)))
        .isEqualTo(Refusal.UNSIGNED);
    assertThat(why(book.offer(SignedCommand.received(changed, good.signatureText()), Way.MEMBER)))
        .isEqualTo(Refusal.BAD_SIGNATURE);
    assertThat(why(book.offer(other.sign("prod", 9, NOW, Verb.OFF, ""), Way.MEMBER)))
        .isEqualTo(Refusal.UNKNOWN_KEY);
    assertThat(why(book.offer(ops.sign("test", 9, NOW, Verb.OFF, ""), Way.MEMBER)))
        .isEqualTo(Refusal.WRONG_FLEET);
    assertThat(why(book.offer(ops.sign("prod", 9, longAgo, Verb.OFF, ""), Way.MEMBER)))
        .isEqualTo(Refusal.TOO_OLD);
    assertThat(
            why(book.offer(ops.sign("prod", 9, NOW.minusSeconds(601), Verb.ON, ""), Way.OPERATOR)))
        .isEqualTo(Refusal.TOO_OLD);
    assertThat(why(book.offer(ops.sign("prod", 9, NOW.plusSeconds(601), Verb.OFF, ""), Way.MEMBER)))
        .isEqualTo(Refusal.NOT_YET);
    assertThat(why(book.offer(signed(newer), Way.MEMBER))).isEqualTo(Refusal.WRONG_VERSION);
    assertThat(why(book.offer(signed(noise), Way.MEMBER))).isEqualTo(Refusal.GARBAGE);
    assertThat(book.held()).isEmpty();
  }

  /** A signature for an artefact is none for a command. */
  @Test
  void offer_signatureForAnotherPurpose_isRefused() {
    byte[] message = new FleetCommand("prod", 1, NOW, Verb.OFF, "", "", 0).encode();
    Signature wrong = ops.key.sign(Purpose.ARTEFACT, message);
    assertThat(why(book().offer(new SignedCommand(message, Optional.of(wrong)), Way.MEMBER)))
        .isEqualTo(Refusal.BAD_SIGNATURE);
  }

  private SignedCommand signed(byte[] message) {
    return new SignedCommand(message, Optional.of(ops.key.sign(Purpose.FLEET_COMMAND, message)));
  }

  @Test
  void offer_lowerSequence_isReplayed() {
    CommandBook book = book();
    book.offer(ops.sign("prod", 5, NOW, Verb.OFF, ""), Way.OPERATOR);
    book.offer(ops.sign("prod", 6, NOW, Verb.ON, ""), Way.OPERATOR);
    assertThat(why(book.offer(ops.sign("prod", 5, NOW, Verb.OFF, ""), Way.MEMBER)))
        .isEqualTo(Refusal.REPLAYED);
    assertThat(why(book.offer(ops.sign("prod", 4, NOW, Verb.ARM, "m"), Way.OPERATOR)))
        .isEqualTo(Refusal.REPLAYED);
    assertThat(book.offer(ops.sign("prod", 4, NOW, Verb.ARM, "m"), Way.MEMBER))
        .as("of another slot, heard late")
        .isInstanceOf(CommandBook.Accepted.class);
  }

  @Test
  void merge_anyOrderAndRepetition_comesToTheSame() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<SignedCommand> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Verb verb = List.of(Verb.ARM, Verb.DISARM, Verb.OFF, Verb.ON).get(random.nextInt(4));
        String target = verb == Verb.ARM || verb == Verb.DISARM ? "m" + random.nextInt(3) : "";
        Keys key = random.nextBoolean() ? ops : other;
        all.add(key.sign("prod", 1 + random.nextInt(6), NOW, verb, target));
      }
      assertThat(heldAfter(all, random)).isEqualTo(heldAfter(all, random));
    }
  }

  private Object heldAfter(List<SignedCommand> all, Random random) {
    CommandBook book =
        new CommandBook(
            "prod",
            TrustedKeys.of(List.of(ops.open, other.open)),
            AGE,
            Clock.fixed(NOW, ZoneOffset.UTC));
    List<SignedCommand> order = new ArrayList<>(all);
    order.addAll(all.subList(0, random.nextInt(all.size())));
    // Two different commands of one key with one number would be the key's owner's lie to himself.
    order.sort((a, b) -> java.util.Arrays.compare(a.message(), b.message()));
    Collections.rotate(order, random.nextInt(order.size()));
    order.forEach(each -> book.offer(each, Way.MEMBER));
    order.forEach(each -> book.offer(each, Way.MEMBER));
    return book.held().values().stream()
        .map(h -> h.command().slot() + " " + h.command().sequence() + " " + h.keyId())
        .toList();
  }

  /** An agent that was off for a week is off after a restart. */
  @Test
  void restart_longAfterACommand_stillHoldsToIt() throws Exception {
    CommandBook before = book();
    before.offer(ops.sign("prod", 5, NOW, Verb.OFF, ""), Way.OPERATOR);
    new StateFile(dir).write(before);
    Clock later = Clock.fixed(NOW.plus(AGE).plusSeconds(1), ZoneOffset.UTC);
    CommandBook after = new CommandBook("prod", TrustedKeys.of(List.of(ops.open)), AGE, later);
    assertThat(new StateFile(dir).read(after)).isTrue();
    assertThat(after.held("switch")).isPresent();
  }

  @Test
  void restart_withStateFile_stillKnowsWhatWasAccepted() throws Exception {
    CommandBook before = book();
    before.offer(ops.sign("prod", 5, NOW, Verb.OFF, ""), Way.OPERATOR);
    new StateFile(dir).write(before);
    CommandBook after = book();
    assertThat(new StateFile(dir).read(after)).isTrue();
    assertThat(after.held("switch").orElseThrow().command().verb()).isEqualTo(Verb.OFF);
    assertThat(why(after.offer(ops.sign("prod", 5, NOW, Verb.ON, ""), Way.OPERATOR)))
        .isEqualTo(Refusal.REPLAYED);
    Files.writeString(dir.resolve("fleet-commands.json"), "{");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> new StateFile(dir).read(book()))
        .hasMessageContaining("fleet-commands.json");
  }
}
