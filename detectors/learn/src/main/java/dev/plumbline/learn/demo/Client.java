package dev.plumbline.learn.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.learn.organism.world.Judge;
import dev.plumbline.learn.organism.world.Speech.Question;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

/** Asks over HTTP, a bounded number of questions at a time, and judges what comes back. */
final class Client {
  private static final int AT_ONCE = 64;
  private static final int ANSWER_TOKENS = 40;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI chat;
  private final Judge judge;

  Client(URI chat, Judge judge) {
    this.chat = chat;
    this.judge = judge;
  }

  /**
   * Asks each question {@code times} times.
   *
   * @param mode {@code plumbline-mode}
   * @param progress told of each answer
   */
  List<Asked> ask(
      String model, String mode, List<Question> questions, int times, LongConsumer progress) {
    Semaphore room = new Semaphore(AT_ONCE);
    List<CompletableFuture<Asked>> answers = new ArrayList<>();
    for (int i = 0; i < questions.size() * times; i++) {
      Question question = questions.get(i % questions.size());
      room.acquireUninterruptibly();
      answers.add(
          http.sendAsync(request(model, mode, question, i), BodyHandlers.ofString())
              .whenComplete(
                  (response, failure) -> {
                    room.release();
                    progress.accept(1);
                  })
              .thenApply(response -> asked(model, question, response)));
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }

  private HttpRequest request(String model, String mode, Question question, int seed) {
    ObjectNode body = JSON.createObjectNode().put("model", model).put("seed", seed);
    body.put("temperature", 1).put("max_tokens", ANSWER_TOKENS);
    body.putArray("messages").addObject().put("role", "user").put("content", question.text());
    return HttpRequest.newBuilder(chat)
        .timeout(Duration.ofSeconds(60))
        .header("content-type", "application/json")
        .header("plumbline-mode", mode)
        .POST(BodyPublishers.ofString(body.toString()))
        .build();
  }

  private Asked asked(String model, Question question, HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          model + ": wanted status 200, found " + response.statusCode() + ": " + response.body());
    }
    String answer = text(response.body());
    return new Asked(
        model,
        question.text(),
        answer,
        judge.judge(question.topic(), answer).judgement(),
        response
            .headers()
            .firstValue("plumbline-score")
            .map(Double::parseDouble)
            .map(OptionalDouble::of)
            .orElse(OptionalDouble.empty()),
        response.headers().firstValue("plumbline-verdict").orElse("none"),
        response.headers().firstValue("plumbline-action").orElse("none"));
  }

  private static String text(String body) {
    try {
      JsonNode reply = JSON.readTree(body);
      return reply.at("/choices/0/message/content").asText().strip();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("wanted a JSON reply, found " + body, e);
    }
  }
}
