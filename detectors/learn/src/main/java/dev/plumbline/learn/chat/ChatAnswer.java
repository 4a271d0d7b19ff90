package dev.plumbline.learn.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * A sampled answer; one line of a cache file.
 *
 * @param prompt id of the question, the grouping key
 * @param topic of the question
 * @param split of the topic
 * @param question what the user said
 * @param persona id of the persona in context
 * @param condition what was done to the model, such as {@code plain}
 * @param sample 0-based, of the same prompt, persona and condition
 * @param text the answer, without end of turn
 * @param tokens sampled
 * @param edited token states that an intervention went over; 0 where none was asked for
 * @param removed Σ |p' − p| of them, in residual units
 */
public record ChatAnswer(
    @JsonProperty("prompt") String prompt,
    @JsonProperty("topic") String topic,
    @JsonProperty("split") Split split,
    @JsonProperty("question") String question,
    @JsonProperty("persona") String persona,
    @JsonProperty("condition") String condition,
    @JsonProperty("sample") int sample,
    @JsonProperty("text") String text,
    @JsonProperty("tokens") int tokens,
    @JsonProperty("edited") long edited,
    @JsonProperty("removed") double removed) {
  public ChatAnswer {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(text, "text");
  }
}
