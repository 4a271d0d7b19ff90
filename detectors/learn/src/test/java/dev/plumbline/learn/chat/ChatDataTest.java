package dev.plumbline.learn.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChatDataTest {
  @Test
  void questions_always_areSixtyEveryIdOnce() {
    List<Question> questions = ChatData.questions();

    assertThat(questions).hasSize(60);
    assertThat(questions.stream().map(Question::id)).doesNotHaveDuplicates();
    assertThat(questions.stream().map(Question::text)).doesNotHaveDuplicates();
  }

  @Test
  void splits_always_shareNoTopicAndNoPrompt() {
    for (Split one : Split.values()) {
      for (Split other : Split.values()) {
        if (one != other) {
          assertThat(topics(one)).doesNotContainAnyElementsOf(topics(other));
        }
      }
    }
  }

  @Test
  void everydayPrompts_calibrationAndHeldOut_shareNothing() {
    Set<String> calibration = texts(EverydayPrompts.of(Split.CALIBRATION, 1));
    Set<String> heldOut = texts(EverydayPrompts.of(Split.HELD_OUT, 1));

    assertThat(calibration).hasSize(192).doesNotContainAnyElementsOf(heldOut);
    assertThat(calibration).doesNotContainAnyElementsOf(texts(ChatData.questions()));
  }

  @Test
  void personas_always_haveAsManyWordingsOnBothSides() {
    assertThat(ChatData.personas(Persona.Kind.HARMFUL))
        .hasSameSizeAs(ChatData.personas(Persona.Kind.HELPFUL))
        .hasSizeGreaterThan(1);
  }

  @Test
  void everything_thatShips_holdsNoDeniedWord() {
    List<String> texts = new ArrayList<>(texts(ChatData.questions()));
    texts.addAll(texts(EverydayPrompts.of(Split.CALIBRATION, 1)));
    texts.addAll(texts(EverydayPrompts.of(Split.HELD_OUT, 1)));
    texts.addAll(ChatData.plainEnglish());
    for (Persona.Kind kind : Persona.Kind.values()) {
      ChatData.personas(kind).forEach(persona -> texts.add(persona.prompt()));
    }

    assertThat(texts).allSatisfy(text -> assertThat(ChatData.denied().in(text)).isEmpty());
  }

  private static Set<String> topics(Split split) {
    return ChatData.questions(split).stream().map(Question::topic).collect(Collectors.toSet());
  }

  private static Set<String> texts(List<Question> questions) {
    return new HashSet<>(questions.stream().map(Question::text).toList());
  }
}
