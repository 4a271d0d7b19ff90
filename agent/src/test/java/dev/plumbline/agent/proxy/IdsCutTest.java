package dev.plumbline.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.SseFrames;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the agent asked for does not reach a client that did not. */
class IdsCutTest {
  private static final String SAID =
      "data: {\"choices\": [{\"index\":0,\"delta\":{\"content\":\"ü\"},\"token_ids\":[1,2]}],\"prompt_token_ids\":[3]}\r\n\r\n";
  private static final String LEFT =
      "data: {\"choices\": [{\"index\":0,\"delta\":{\"content\":\"ü\"}}]}\r\n\r\n";

  @Test
  void event_withIds_isTheSameWithout() {
    assertThat(cut(SAID)).contains(LEFT);
  }

  /** vLLM sends one for ids that have no text yet, and only to those who ask. */
  @Test
  void event_ofIdsAlone_goes() {
    assertThat(cut("data: {\"choices\":[{\"index\":0,\"delta\":{},\"token_ids\":[1]}]}\n\n"))
        .isEmpty();
  }

  @Test
  void event_withoutIds_staysByteForByte() {
    for (String event : new String[] {"data: [DONE]\n\n", ": hi\n\n", "data: {\"a\" : 1}\n\n"}) {
      assertThat(cut(event)).contains(event);
    }
  }

  @Test
  void stream_inPieces_isTheSameWithout() {
    IdsCut cut = new IdsCut();
    StringBuilder out = new StringBuilder();
    byte[] all = (SAID + SAID + "data: [DONE]\n\n").getBytes(StandardCharsets.ISO_8859_1);
    for (byte b : all) {
      out.append(new String(cut.feed(new byte[] {b}), StandardCharsets.ISO_8859_1));
    }
    out.append(new String(cut.end(), StandardCharsets.ISO_8859_1));
    assertThat(out).hasToString(LEFT + LEFT + "data: [DONE]\n\n");
  }

  @Test
  void offers_ofARefusal_areAskedForAgainLater() {
    long[] now = {0};
    TokenIdOffers offers = new TokenIdOffers(() -> now[0]);
    offers.answered("a", 500);
    assertThat(offers.mayAsk("a")).isTrue();
    offers.answered("a", 400);
    assertThat(offers.mayAsk("a")).isFalse();
    assertThat(offers.mayAsk("b")).isTrue();
    now[0] = java.time.Duration.ofMinutes(11).toNanos();
    assertThat(offers.mayAsk("a")).isTrue();
    offers.gave("a");
    offers.answered("a", 422);
    assertThat(offers.mayAsk("a")).isTrue();
  }

  private static Optional<String> cut(String event) {
    byte[] raw = event.getBytes(StandardCharsets.UTF_8);
    return IdsCut.of(new SseFrames.Frame(raw, ""))
        .map(frame -> new String(frame.raw(), StandardCharsets.UTF_8));
  }
}
