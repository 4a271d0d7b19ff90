package dev.plumbline.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Token ids in requests to the embedded origin. */
class TokenIdCallTest {
  @ParameterizedTest
  @ValueSource(strings = {"[1,0,7]", "[[1,0,7]]"})
  void prompt_ofTokenIds_isTakenAsTheyAre(String prompt) {
    GenerationCall call = completion("\"prompt\":" + prompt);
    assertThat(((Prompt.Ids) call.prompt()).ids()).containsExactly(1, 0, 7);
    assertThat(call.prompt().toString()).isEqualTo("Ids[3 tokens]");
  }

  @Test
  void prompt_ofOneId_isNoBatch() {
    assertThat(((Prompt.Ids) completion("\"prompt\":[5]").prompt()).ids()).containsExactly(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|'prompt': wanted one string or one list of token ids",
        "[[]]|'prompt': wanted",
        "[[1],[2]]|'prompt': wanted",
        "[[[1]]]|'prompt': wanted",
        "[1,[2]]|'prompt[1]': wanted a token id from 0 on",
        "[1,\"x\"]|'prompt[1]': wanted",
        "[\"x\",1]|'prompt': wanted",
        "[1,2.5]|'prompt[1]': wanted a token id from 0 on, found 2.5",
        "[1,2.0]|'prompt[1]': wanted",
        "[-1]|'prompt[0]': wanted a token id from 0 on, found -1",
        "[0,2147483648]|'prompt[1]': wanted",
        "[1,99999999999999999999]|'prompt[1]': wanted",
        "[1,true]|'prompt[1]': wanted",
        "[1,null]|'prompt[1]': wanted"
      })
  void prompt_ofAnythingElse_isRefusedWithItsPlace(String prompt, String said) {
    assertThatThrownBy(() -> completion("\"prompt\":" + prompt))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.error().kind()).isEqualTo(ErrorKind.INVALID_VALUE))
        .hasMessageContaining(said);
  }

  @Test
  void returnTokenIds_isAFlag() {
    assertThat(completion("\"prompt\":\"x\",\"return_token_ids\":true").tokenIds()).isTrue();
    assertThat(completion("\"prompt\":\"x\"").tokenIds()).isFalse();
    assertThatThrownBy(() -> completion("\"prompt\":\"x\",\"return_token_ids\":1"))
        .hasMessageContaining("'return_token_ids': wanted true or false");
  }

  @Test
  void maxTokens_null_leavesTheBoundToTheModel() {
    assertThat(completion("\"prompt\":[1],\"max_tokens\":null").sampling().maxTokens()).isEmpty();
    assertThat(completion("\"prompt\":[1]").sampling().maxTokens()).hasValue(16);
  }

  @Test
  void ids_ofAnAnswer_standWhereVllmPutsThem() {
    TokenIds ids = new TokenIds(List.of(1, 2), List.of(3));
    Usage usage = new Usage(2, 1);
    String chat = whole(Route.CHAT_COMPLETIONS, ids, usage);
    assertThat(chat).contains("],\"prompt_token_ids\":[1,2],").contains(",\"token_ids\":[3]}");
    String completion = whole(Route.COMPLETIONS, ids, usage);
    assertThat(completion).contains(",\"prompt_token_ids\":[1,2],\"token_ids\":[3]}]");
  }

  private static String whole(Route route, TokenIds ids, Usage usage) {
    String prompt =
        route == Route.COMPLETIONS
            ? "\"prompt\":\"x\""
            : "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
    ReplyWriter writer = new ReplyWriter(parse(route, prompt), "e", 1);
    byte[] whole = writer.whole("a", Finish.STOP, usage, java.util.Optional.of(ids));
    return new String(whole, StandardCharsets.UTF_8);
  }

  private static GenerationCall completion(String more) {
    return parse(Route.COMPLETIONS, more);
  }

  private static GenerationCall parse(Route route, String more) {
    return CallParser.parse(
        route, ("{\"model\":\"m\"," + more + "}").getBytes(StandardCharsets.UTF_8));
  }
}
