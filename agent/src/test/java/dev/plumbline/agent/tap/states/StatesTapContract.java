package dev.plumbline.agent.tap.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.cut.AnswerFilter;
import dev.plumbline.agent.wire.SseParser;
import dev.plumbline.core.score.UnscoredReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every tap on an origin's states does, over payloads as the origins write them. */
public abstract class StatesTapContract {
  protected static final String ID = "req-1";
  private StatesTap tap;

  /** A fresh tap. */
  protected abstract StatesTap open() throws IOException;

  /** A route whose answers bring the states of every token. */
  protected abstract String path();

  /** A body that asks for no states. */
  protected abstract String request(boolean stream);

  /** The request with what asks for states, as a client would write it. */
  protected abstract String askingRequest(boolean stream);

  /**
   * Has the origin answer; files are written by then.
   *
   * @param request as it came to the origin
   * @return the body of the answer, a JSON document or a stream
   */
  protected abstract String answer(JsonNode request, Pass pass, boolean stream) throws IOException;

  /** The same answer where no states were asked for. */
  protected abstract String plainAnswer(Pass pass, boolean stream) throws IOException;

  /** Nothing of an exchange is left in the origin's hands. */
  protected abstract void assertNothingLeft(boolean clientAsked) throws IOException;

  @BeforeEach
  void openTap() throws IOException {
    tap = open();
  }

  @AfterEach
  void closeTap() {
    tap.close();
  }

  protected StatesTap tap() {
    return tap;
  }

  @Test
  void find_answersOfAnyLength_givesTheSameReadingAsByHand() throws IOException {
    for (boolean stream : new boolean[] {false, true}) {
      for (int tokens = 2; tokens < 7; tokens++) {
        Pass pass = Pass.of(tokens, 4, tokens);
        Reading reading = read(pass, stream);
        assertThat(reading.score()).as("%s", reading).isPresent();
        assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
        assertThat(reading.modelShift().getAsDouble()).isCloseTo(pass.shift(), within(1e-6));
        assertThat(reading.tokensScored()).isEqualTo(tokens - 1);
        assertThat(reading.verdict().wireName())
            .isEqualTo(pass.score() > 0.5 ? "drifted" : "aligned");
        assertNothingLeft(false);
      }
    }
  }

  @Test
  void filter_decoratedExchange_isJsonEqualToThePlainOne() throws IOException {
    Pass pass = Pass.of(3, 4, 5);
    for (boolean stream : new boolean[] {false, true}) {
      StatesExchange exchange = decorate(request(stream));
      String seen = filter(exchange, answer(body(exchange), pass, stream), stream, new Random(5));
      String plain = plainAnswer(pass, stream);
      assertThat(documents(seen, stream)).isEqualTo(documents(plain, stream));
      exchange.discard();
    }
  }

  @Test
  void filter_clientThatAsked_getsWhatItAskedFor() throws IOException {
    Pass pass = Pass.of(4, 3, 4);
    for (boolean stream : new boolean[] {false, true}) {
      StatesExchange exchange = decorate(askingRequest(stream));
      assertThat(body(exchange)).isEqualTo(Pass.tree(askingRequest(stream)));
      String answer = answer(body(exchange), pass, stream);
      assertThat(filter(exchange, answer, stream, new Random(6))).isEqualTo(answer);
      Reading reading = reading(exchange);
      assertThat(reading.score().getAsDouble()).isCloseTo(pass.score(), within(1e-12));
      assertNothingLeft(true);
    }
  }

  @Test
  void decorate_addsToTheBody_andChangesNothingElse() {
    JsonNode body = body(decorate(request(false)));
    Pass.json(request(false))
        .fields()
        .forEachRemaining(f -> assertThat(body.get(f.getKey())).isEqualTo(f.getValue()));
    assertThat(body.size()).isGreaterThan(Pass.tree(request(false)).size());
    assertThat(decorate(request(false)).headers()).containsEntry("accept-encoding", "identity");
  }

  @Test
  void decorate_whatItCannot_isLeftAlone() {
    assertThat(tap.decorate(request("/v1/embeddings", request(false)))).isEmpty();
    for (String body : List.of("", "[]", "{", "{} {}", "3")) {
      assertThat(tap.decorate(request(path(), body))).as(body).isEmpty();
    }
  }

  @Test
  void find_answerOfOneToken_hasNoHiddenStates() throws IOException {
    for (boolean stream : new boolean[] {false, true}) {
      assertThat(read(Pass.of(8, 3, 1), stream).reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
      assertNothingLeft(false);
    }
  }

  @Test
  void find_notANumber_isADeviceError() throws IOException {
    Pass pass = Pass.of(9, 3, 4);
    pass.states()[4][2] = Float.NaN;
    assertThat(read(pass, false).reason()).contains(UnscoredReason.DEVICE_ERROR);
    assertNothingLeft(false);
  }

  @Test
  void find_otherWidth_isTheWrongModel() throws IOException {
    Pass pass = Pass.of(10, 3, 4);
    float[][] narrow =
        Arrays.stream(pass.states()).map(s -> Arrays.copyOf(s, 5)).toArray(float[][]::new);
    assertThat(read(pass.withStates(narrow), false).reason()).contains(UnscoredReason.WRONG_MODEL);
    assertNothingLeft(false);
  }

  @Test
  void find_fewerStatesThanTokens_isATapError() throws IOException {
    Pass pass = Pass.of(11, 3, 6);
    Pass cut = pass.withStates(Arrays.copyOf(pass.states(), pass.states().length - 2));
    assertThat(read(cut, false).reason()).contains(UnscoredReason.TAP_ERROR);
    assertNothingLeft(false);
  }

  @Test
  void find_answerWithoutStates_hasNone() throws IOException {
    StatesExchange exchange = decorate(request(false));
    filter(exchange, plainAnswer(Pass.of(1, 3, 4), false), false, new Random(2));
    assertThat(reading(exchange).reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void find_answersThatAreGarbage_areUnscoredAndPassUnchanged() throws IOException {
    String whole = answer(body(decorate(request(false))), Pass.of(12, 3, 4), false);
    Random random = new Random(13);
    for (int i = 0; i < 60; i++) {
      StatesExchange exchange = decorate(request(false));
      String broken = whole.substring(0, random.nextInt(whole.length()));
      filter(exchange, broken, false, random);
      assertThat(reading(exchange).score()).isEmpty();
      StatesExchange other = decorate(request(true));
      String noise =
          random
              .ints(40, 32, 126)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      assertThat(filter(other, noise, true, random)).isEqualTo(noise);
      other.discard();
    }
  }

  protected Reading read(Pass pass, boolean stream) throws IOException {
    StatesExchange exchange = decorate(request(stream));
    filter(exchange, answer(body(exchange), pass, stream), stream, new Random(pass.hashCode()));
    return reading(exchange);
  }

  protected Reading reading(StatesExchange exchange) {
    Found found = exchange.find(() -> false).toCompletableFuture().join();
    return StatesArtefacts.scorer(tap.points().get(0)).read(found);
  }

  protected StatesExchange decorate(String body) {
    return tap.decorate(request(path(), body)).orElseThrow();
  }

  protected static OriginRequest request(String path, String body) {
    return new OriginRequest(path, ID, body.getBytes(StandardCharsets.UTF_8));
  }

  protected static JsonNode body(StatesExchange exchange) {
    return Pass.tree(new String(exchange.body(), StandardCharsets.UTF_8));
  }

  /** Through the filter in random pieces. */
  protected static String filter(
      StatesExchange exchange, String answer, boolean stream, Random random) {
    AnswerFilter filter = exchange.filter(stream);
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(1 + random.nextInt(60), bytes.length - at);
      out.writeBytes(filter.feed(Arrays.copyOfRange(bytes, at, at + length)));
      at += length;
    }
    out.writeBytes(filter.end());
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<JsonNode> documents(String body, boolean stream) {
    if (!stream) {
      return List.of(Pass.tree(body));
    }
    List<JsonNode> documents = new ArrayList<>();
    for (String event : new SseParser(1 << 24).feed(body.getBytes(StandardCharsets.UTF_8))) {
      documents.add(event.equals("[DONE]") ? Pass.json("{\"done\":true}") : Pass.tree(event));
    }
    return documents;
  }
}
