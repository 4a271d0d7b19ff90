package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Token ids as vLLM gives them, of chats and of completions. */
class TokenTrailTest {
  private static final String HEAD = "{\"choices\":[{\"index\":0}],\"prompt_token_ids\":[7,8]}";

  @Test
  void marks_ofWholePieces_areThePromptAndTheAnswer() {
    TokenTrail trail = new TokenTrail(100);
    take(trail, HEAD, false);
    take(trail, piece("[1,2]"), true);
    int mark = trail.mark();
    take(trail, piece("[3]"), true);
    assertThat(trail.upTo(mark))
        .hasValueSatisfying(ids -> assertThat(ids).containsExactly(7, 8, 1, 2));
    assertThat(trail.upTo(trail.mark()).orElseThrow()).containsExactly(7, 8, 1, 2, 3);
  }

  @Test
  void prompt_inTheChoice_isACompletions() {
    TokenTrail trail = new TokenTrail(100);
    take(trail, "{\"choices\":[{\"index\":0,\"prompt_token_ids\":[5],\"token_ids\":[6]}]}", true);
    assertThat(trail.upTo(trail.mark()).orElseThrow()).containsExactly(5, 6);
  }

  /** Ids without text belong to what follows; text without ids was held back from before. */
  @Test
  void text_withoutIds_isCoveredByNone() {
    TokenTrail trail = new TokenTrail(100);
    take(trail, HEAD, false);
    take(trail, piece("[1]"), false);
    take(trail, piece("[2]"), true);
    int whole = trail.mark();
    take(trail, piece("[]"), true);
    assertThat(trail.mark()).isEqualTo(TokenTrail.NONE);
    take(trail, piece("[3]"), true);
    assertThat(trail.mark()).isEqualTo(TokenTrail.NONE);
    assertThat(trail.upTo(whole).orElseThrow()).containsExactly(7, 8, 1, 2);
    assertThat(trail.upTo(TokenTrail.NONE)).isEmpty();
  }

  @Test
  void ids_thatAreNone_coverNothing() {
    for (String odd : new String[] {"[-1]", "[1.5]", "[\"1\"]", "[99999999999]", "7", "null"}) {
      TokenTrail trail = new TokenTrail(100);
      take(trail, HEAD, false);
      take(trail, piece(odd), true);
      assertThat(trail.mark()).as(odd).isEqualTo(TokenTrail.NONE);
    }
    TokenTrail bare = new TokenTrail(100);
    take(bare, piece("[1]"), true);
    assertThat(bare.mark()).isEqualTo(TokenTrail.NONE);
    TokenTrail small = new TokenTrail(1);
    take(small, HEAD, false);
    take(small, piece("[1]"), true);
    assertThat(small.mark()).isEqualTo(TokenTrail.NONE);
  }

  private static String piece(String ids) {
    return "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"token_ids\":%s}]}"
        .formatted(ids);
  }

  private static void take(TokenTrail trail, String chunk, boolean text) {
    trail.take(Json.look(chunk).orElseThrow(), text);
  }
}
